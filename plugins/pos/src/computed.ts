import { computedTrait } from '@enishi/plugin-sdk';
import { purchaseCompleted } from './events/index.ts';

export const purchaseCount = computedTrait(
  'pos.purchaseCount',
  { event: purchaseCompleted, count: true },
  { description: 'Purchases in stores; what was returned or voided since is not taken off.' },
);
export const spent90d = computedTrait(
  'pos.spent90d',
  { event: purchaseCompleted, within: 'P90D', sum: 'total' },
  { description: 'Paid in stores within 90 days, in major units; what was returned or voided since is not taken off.' },
);
export const lastPurchaseAt = computedTrait(
  'pos.lastPurchaseAt',
  { event: purchaseCompleted, last: true },
  { description: 'When the last purchase in a store was.' },
);

export const computedTraits = [purchaseCount, spent90d, lastPurchaseAt];
