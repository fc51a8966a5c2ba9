import { followSize, type Size } from '@enishi/core';
import { Arg, Authorized, Field, Int, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import { DateTime } from '../scalars.ts';
import type { LiveContext } from './context.ts';
import { LiveStream, type Payload } from './live-stream.ts';

@ObjectType({ description: 'How many customers are in a segment.', simpleResolvers: true })
export class SegmentSize implements Payload {
  declare seq: number;
  declare cursor: null;
  @Field(() => String, { description: 'Key of the segment.' })
  declare segment: string;
  @Field(() => Int, { description: 'Customers in it.' })
  declare size: number;
  @Field(() => DateTime, { description: 'Since when.' })
  declare at: Date;
}

async function open(segment: string, { feed, workspace }: LiveContext): Promise<LiveStream<Size, SegmentSize>> {
  const pages = await followSize(feed, workspace, segment);
  return new LiveStream({ pages, replaces: true, payloadOf: ({ seq, at, size }) => ({ seq, at, size, segment, cursor: null }) });
}

@Resolver(() => SegmentSize)
export class SegmentSizeResolver {
  @Authorized('segments:read')
  @Subscription(() => SegmentSize, {
    description:
      'The size of a segment now, then whenever it changes; changes that come together are told as one. Error: SEGMENT_NOT_FOUND.',
    subscribe: ({ args, context }) => open((args as { readonly segment: string }).segment, context as LiveContext),
  })
  segmentSize(
    @Root() size: SegmentSize,
    @Arg('segment', () => String, { description: 'Key of the segment.' }) _segment: string,
  ): SegmentSize {
    return size;
  }
}
