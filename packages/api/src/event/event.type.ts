import { ArgsType, Field, ID, ObjectType } from 'type-graphql';
import { connectionOf, PageArgs } from '../connection.ts';
import { DateTime, Json } from '../scalars.ts';

@ObjectType({ description: 'An immutable fact about somebody.', simpleResolvers: true })
export class Event {
  @Field(() => ID, { description: 'Follows from the source and its own message id.' })
  declare id: string;
  @Field(() => String, { description: 'Kind of event, such as `ec.order_placed`.' })
  declare type: string;
  @Field(() => DateTime, { description: 'When it happened.' })
  declare occurredAt: string;
  @Field(() => DateTime, { description: 'When it came in.' })
  declare receivedAt: string;
  @Field(() => String, { description: 'Key of the source that sent it.' })
  declare source: string;
  @Field(() => ID, { description: 'The identity it is anchored to for ever.' })
  declare identityId: string;
  @Field(() => Json, { description: 'What happened, in the shape its kind declares.' })
  declare properties: unknown;
  @Field(() => Json, { nullable: true, description: 'Where it came from: page, device, campaign.' })
  declare context: unknown;
}

export const EventConnection = connectionOf('Event', () => Event);

@ArgsType()
export class EventArgs extends PageArgs {
  @Field(() => [String], { nullable: true, description: 'Only these kinds of event; default all.' })
  declare types?: string[] | null;
  @Field(() => DateTime, { nullable: true, description: 'Only what happened at this instant or later.' })
  declare from?: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'Only what happened before this instant.' })
  declare to?: Date | null;
}
