import { ArgsType, Field, ID, ObjectType } from 'type-graphql';
import { DateTime, Json } from '../scalars.ts';

@ObjectType({ description: 'An attribute of a customer, and where it is known from.', simpleResolvers: true })
export class Trait {
  @Field(() => String, { description: 'Name of the trait, such as `rank`.' })
  declare key: string;
  @Field(() => Json, { nullable: true, description: 'Its value.' })
  declare value: unknown;
  @Field(() => DateTime, { description: 'When the event happened that said so.' })
  declare observedAt: string;
  @Field(() => String, { nullable: true, description: 'Key of the source that said so, such as `ec.orders`.' })
  declare source: string | null;
  @Field(() => ID, { description: 'The event that said so.' })
  declare eventId: string;
  @Field(() => ID, { description: 'The identity it was said about.' })
  declare identityId: string;
}

@ArgsType()
export class TraitArgs {
  @Field(() => [String], { nullable: true, description: 'Only these traits, by name; default all.' })
  declare keys?: string[] | null;
}
