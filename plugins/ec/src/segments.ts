import { all, did, segment } from '@enishi/plugin-sdk';
import { orderCompleted } from './events/index.ts';

/** The second purchase decides whether a customer stays, so the first-time buyers are the segment to act on. */
export const firstTimeBuyers = segment('ec-first-time-buyers', 'First-time buyers', did(orderCompleted, { count: { equals: 1 } }));
export const repeatBuyers = segment('ec-repeat-buyers', 'Repeat buyers', did(orderCompleted, { count: { atLeast: 2 } }));
export const lapsedBuyers = segment(
  'ec-lapsed-90-days',
  'No order for 90 days',
  all(did(orderCompleted), did(orderCompleted, { last: { olderThan: 'P90D' } })),
);
