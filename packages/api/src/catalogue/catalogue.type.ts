import { Field, Int, ObjectType } from 'type-graphql';
import { Json } from '../scalars.ts';

@ObjectType('EventType', { description: 'A kind of event that is understood here.', simpleResolvers: true })
export class EventTypeInfo {
  @Field(() => String, { description: 'Its name, such as `ec.order_placed`.' })
  declare name: string;
  @Field(() => String, { description: 'What it says.' })
  declare description: string;
  @Field(() => [String], { description: 'Names under which the HTTP tracking API takes it, such as `Order Completed`.' })
  declare trackedAs: readonly string[];
  @Field(() => Json, { description: 'JSON Schema of its properties.' })
  declare schema: unknown;
}

@ObjectType('TraitType', { description: 'A trait that is understood here.', simpleResolvers: true })
export class TraitTypeInfo {
  @Field(() => String, { description: 'Its name, such as `rank`.' })
  declare name: string;
  @Field(() => String, { description: 'What it says.' })
  declare description: string;
  @Field(() => String, {
    nullable: true,
    description: 'Which observation wins when sources disagree: `newest` or `oldest`; null where it is computed.',
  })
  declare survivorship: string | null;
  @Field(() => String, { nullable: true, description: 'The type of the events it is computed from; null where it is reported.' })
  declare computedFrom: string | null;
  @Field(() => Json, { description: 'JSON Schema of its value.' })
  declare schema: unknown;
}

@ObjectType('IdentityNamespace', { description: 'A kind of identifier that is understood here.', simpleResolvers: true })
export class NamespaceInfo {
  @Field(() => String, { description: 'Its name, such as `email`.' })
  declare name: string;
  @Field(() => String, { description: 'What it identifies.' })
  declare description: string;
  @Field(() => Int, { description: 'An event is anchored to the identity with the lowest number.' })
  declare priority: number;
  @Field(() => Int, { description: 'How many different values one customer may hold; a link that would exceed it is held.' })
  declare limit: number;
}
