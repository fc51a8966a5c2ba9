import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { currency, money, points, product, receiptFields, text } from './fields.ts';

const purchase = z.looseObject({
  ...receiptFields,
  total: money,
  tax: money.optional(),
  discount: money.optional(),
  payment_method: text.optional(),
  currency: currency.optional(),
  points_earned: points.optional(),
  points_used: points.optional(),
  products: z.array(product).max(10_000).optional(),
});

export const purchaseCompleted = event('pos.purchase_completed', purchase, {
  description: 'Somebody bought in a store: one receipt. `total` is what was paid, in major units.',
});

export const purchaseReturned = event('pos.purchase_returned', purchase, {
  description: 'Goods came back to a store. Amounts and quantities are positive.',
});

export const purchaseCorrected = event('pos.purchase_corrected', purchase, {
  description: 'A receipt was changed after it was printed; what it says now. The purchase itself is not counted again.',
});

export const purchaseVoided = event('pos.purchase_voided', z.looseObject({ ...receiptFields, total: money.optional() }), {
  description: 'A receipt was cancelled at the till; the sale with its number did not happen.',
});
