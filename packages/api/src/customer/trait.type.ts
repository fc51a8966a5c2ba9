import { ArgsType, Field, ID, ObjectType } from 'type-graphql';
import { DateTime, Json } from '../scalars.ts';

@ObjectType({ description: 'An attribute of a customer, and where it is known from.', simpleResolvers: true })
export class Trait {
  @Field(() => String, { description: 'Name of the trait, such as `rank`.' })
  declare key: string;
  @Field(() => Json, { nullable: true, description: 'Its value.' })
  declare value: unknown;
  @Field(() => DateTime, { description: 'When the event happened that said so; of a computed trait, since when it has this value.' })
  declare observedAt: string;
  @Field(() => String, { nullable: true, description: 'Key of the source that said so, such as `ec.orders`; null where it is computed.' })
  declare source: string | null;
  @Field(() => ID, { nullable: true, description: 'The event that said so; null where it is computed from many.' })
  declare eventId: string | null;
  @Field(() => ID, {
    nullable: true,
    description: 'The identity it was said about; null where it is computed from the events of all of them.',
  })
  declare identityId: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'The type of the events it is computed from, such as `pos.purchase_completed`; null where it was reported.',
  })
  declare computedFrom: string | null;
}

@ArgsType()
export class TraitArgs {
  @Field(() => [String], { nullable: true, description: 'Only these traits, by name; default all.' })
  declare keys?: string[] | null;
}
