import { computedTrait } from '@enishi/plugin-sdk';
import { orderCompleted } from './events/index.ts';

export const orderCount = computedTrait(
  'ec.orderCount',
  { event: orderCompleted, count: true },
  { description: 'Orders in the web shop; what was cancelled or refunded since is not taken off.' },
);
export const ordered90d = computedTrait(
  'ec.ordered90d',
  { event: orderCompleted, within: 'P90D', sum: 'total' },
  {
    description:
      'Ordered in the web shop within 90 days, tax and shipping included, in major units; what was cancelled or refunded since is not taken off.',
  },
);
export const lastOrderAt = computedTrait(
  'ec.lastOrderAt',
  { event: orderCompleted, last: true },
  { description: 'When the last order in the web shop was.' },
);

export const computedTraits = [orderCount, ordered90d, lastOrderAt];
