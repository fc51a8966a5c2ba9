import { CustomerChangeResolver } from './customer-change.resolver.ts';
import { SegmentChangeResolver } from './segment-change.resolver.ts';
import { SegmentSizeResolver } from './segment-size.resolver.ts';

export { defaultSocketLimits, type LiveOptions, type LiveServer, type SocketLimits, serveLive } from './serve-live.ts';

/** For the schema's list of resolvers. */
export const liveResolvers = [SegmentChangeResolver, CustomerChangeResolver, SegmentSizeResolver] as const;

/** type-graphql demands one as soon as there are subscriptions; ours are read from the change log. */
export const noPubSub = {
  publish: (): void => {
    throw new Error('subscriptions are read from the change log');
  },
  subscribe: (): never => {
    throw new Error('subscriptions are read from the change log');
  },
};
