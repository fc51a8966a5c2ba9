import { encodeCursor, followTransitions, type Transition } from '@enishi/core';
import { Customer } from '@enishi/plugin-sdk/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Args, ArgsType, Authorized, Ctx, Field, FieldResolver, Info, Resolver, Root, Subscription } from 'type-graphql';
import { selectedBy } from '../selection.ts';
import type { LiveContext } from './context.ts';
import { customerNow } from './customer-now.ts';
import { LiveStream } from './live-stream.ts';
import { SegmentChange } from './segment-change.type.ts';

@ArgsType()
class SegmentChangesArgs {
  @Field(() => String, { description: 'Key of the segment.' })
  declare segment: string;
  @Field(() => String, {
    nullable: true,
    description: 'Go on behind this cursor. Default: from now. A cursor amid a snapshot finishes the snapshot.',
  })
  declare after?: string | null;
  @Field(() => Boolean, {
    nullable: true,
    description: 'First all customers who are in the segment, then what changes. Without effect where `after` is given. Default false.',
  })
  declare snapshot?: boolean | null;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Also items with change CURRENT: one when everything before now has been sent, then one whenever nothing happened for a while. Default false.',
  })
  declare heartbeats?: boolean | null;
}

async function open(args: SegmentChangesArgs, { feed, workspace, heartbeat }: LiveContext): Promise<LiveStream<Transition, SegmentChange>> {
  const { segment, after, snapshot, heartbeats } = args;
  const pages = await followTransitions(feed, workspace, {
    segment,
    ...(after != null && { after }),
    ...(snapshot != null && { snapshot }),
  });
  return new LiveStream({
    pages,
    settled: () => pages.settled,
    payloadOf: ({ seq, at, change, customerId, cause, place }) => ({
      seq,
      at,
      change,
      customerId,
      cause,
      cursor: encodeCursor(workspace, place),
    }),
    ...(heartbeats && {
      heartbeat: {
        milliseconds: heartbeat,
        payloadAt: (seq): SegmentChange => ({
          seq,
          heartbeat: true,
          at: new Date(),
          change: 'CURRENT',
          customerId: null,
          cause: null,
          cursor: encodeCursor(workspace, { seq }),
        }),
      },
    }),
  });
}

@Resolver(() => SegmentChange)
export class SegmentChangeResolver {
  @Authorized('segments:read')
  @Subscription(() => SegmentChange, {
    description:
      'Customers entering and leaving a segment, each exactly once and in order. Errors: SEGMENT_NOT_FOUND, INVALID_CURSOR. A consumer that is too slow is sent an error with code RESUME and the cursor to go on from, then the end.',
    subscribe: ({ args, context }) => open(args as SegmentChangesArgs, context as LiveContext),
  })
  segmentChanges(@Root() change: SegmentChange, @Args(() => SegmentChangesArgs) _args: SegmentChangesArgs): SegmentChange {
    return change;
  }

  @Authorized('customers:read')
  @FieldResolver(() => Customer, {
    nullable: true,
    description: 'The customer as it is when the item is sent. Null in a heartbeat, and where there is no such customer any more.',
  })
  customer(@Root() { customerId }: SegmentChange, @Ctx() context: LiveContext, @Info() info: GraphQLResolveInfo) {
    return customerNow(context, customerId, selectedBy(info).select);
  }
}
