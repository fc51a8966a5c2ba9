import { type LoggedAttempt as Attempt, followDeliveryLog } from '@enishi/core';
import { Arg, Authorized, Field, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { LiveContext } from '../live/context.ts';
import { LiveStream, type Payload } from '../live/live-stream.ts';
import { LoggedAttempt } from './delivery-log.type.ts';

@ObjectType({ description: 'Something that was said to a partner just now.', simpleResolvers: true })
export class LoggedNow implements Payload {
  declare seq: number;
  declare cursor: null;
  @Field(() => LoggedAttempt, { description: 'The attempt with its calls.' })
  declare attempt: LoggedAttempt;
}

function open(destination: string | null, { database, workspace }: LiveContext): LiveStream<Attempt, LoggedNow> {
  const pages = followDeliveryLog(database, workspace.id, destination ?? undefined);
  let seq = 0;
  return new LiveStream({ pages, fromNow: true, payloadOf: (attempt) => ({ seq: ++seq, cursor: null, attempt }) });
}

@Resolver(() => LoggedNow)
export class DeliveryLogLiveResolver {
  @Authorized('operate')
  @Subscription(() => LoggedNow, {
    description: 'What is said to partners from now on, while a destination is watched; see `watchDestination`. Scope operate.',
    subscribe: ({ args, context }) => open((args as { destination?: string | null }).destination ?? null, context as LiveContext),
  })
  deliveryLogged(
    @Root() logged: LoggedNow,
    @Arg('destination', () => String, { nullable: true, description: 'Only of this destination, by key.' }) _destination: string | null,
  ): LoggedNow {
    return logged;
  }
}
