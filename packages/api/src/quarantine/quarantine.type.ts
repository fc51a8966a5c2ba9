import { ArgsType, Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf, PageArgs } from '../connection.ts';
import { Violation } from '../problems.ts';
import { DateTime, Json } from '../scalars.ts';

@ObjectType({ description: 'An event that was kept aside because something is wrong with it.', simpleResolvers: true })
export class QuarantinedEvent {
  @Field(() => ID, { description: 'The id the event will have once it is accepted.' })
  declare id: string;
  @Field(() => String, { description: 'Key of the source that sent it.' })
  declare source: string;
  @Field(() => DateTime, { description: 'When it came in.' })
  declare receivedAt: string;
  @Field(() => [Violation], { description: 'What is wrong with it.' })
  declare violations: Violation[];
  @Field(() => Json, { description: 'The event as it came.' })
  declare draft: unknown;
  @Field(() => Int, { description: 'How often it was tried.' })
  declare attempts: number;
  @Field(() => DateTime, { nullable: true, description: 'When a replay accepted it; null while it waits.' })
  declare replayedAt: string | null;
}

export const QuarantinedEventConnection = connectionOf('QuarantinedEvent', () => QuarantinedEvent);

@ArgsType()
export class QuarantineArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Only those of this source, by key.' })
  declare source?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'Also those a replay has accepted since. Default false.' })
  declare replayed?: boolean | null;
}
