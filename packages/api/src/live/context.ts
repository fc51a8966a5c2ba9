import type { Feed } from '@enishi/core';
import type { GraphContext } from '../context.ts';

/** What the subscriptions need besides what every resolver is given. */
export interface LiveContext extends GraphContext {
  readonly feed: Feed;
  /** Milliseconds between heartbeats of a quiet subscription that asked for them. */
  readonly heartbeat: number;
}
