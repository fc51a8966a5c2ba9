import { z } from 'zod';

/** Major units of the currency: 1500 is ¥1,500. The bounds refuse amounts in the wrong unit and broken sums. */
export const money = z.number().min(-1e9).max(1e9);
export const id = z.string().min(1).max(200);
export const text = z.string().max(2000);
export const currency = z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as JPY');
export const day = z.iso.date();
export const points = z.number().min(-1e9).max(1e9);

/** One line of a receipt. The names are those of the shop's events, so that one rule reads both. */
export const product = z.looseObject({
  product_id: id.optional(),
  jan: z
    .string()
    .regex(/^(?:\d{8}|\d{13})$/)
    .optional(),
  in_store: z.boolean().optional(),
  name: text.optional(),
  category: text.optional(),
  quantity: z.number().min(-1e6).max(1e6).optional(),
  price: money.optional(),
  discount: money.optional(),
  amount: money.optional(),
  tax_rate: text.optional(),
});

export const receiptFields = {
  store_id: id,
  register_id: id.optional(),
  receipt_number: id,
  business_day: day.optional(),
};
