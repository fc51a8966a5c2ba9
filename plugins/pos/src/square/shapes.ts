import { z } from 'zod';
import { fromMinor } from '../money.ts';

const text = z.string().nullish();
const id = z.string().min(1).max(192);
export const time = z.iso.datetime({ offset: true }).transform((written) => new Date(written));

/** The smallest unit of the currency, as a whole number; read as major units. */
export const money = z
  .object({ amount: z.int().nullish(), currency: z.string().regex(/^[A-Z]{3}$/) })
  .transform(({ amount, currency }) => ({ amount: fromMinor(amount ?? 0, currency), currency }));

const line = z.looseObject({
  name: text,
  variation_name: text,
  catalog_object_id: text,
  quantity: z.string(),
  base_price_money: money.nullish(),
  total_money: money.nullish(),
  total_discount_money: money.nullish(),
});
export type Line = z.output<typeof line>;

export const order = z.looseObject({
  id,
  location_id: id,
  customer_id: text,
  state: text,
  version: z.int().nullish(),
  created_at: time,
  updated_at: time.nullish(),
  closed_at: time.nullish(),
  line_items: z.array(line).max(10_000).nullish(),
  returns: z.array(z.looseObject({ source_order_id: text, return_line_items: z.array(line).nullish() })).nullish(),
  tenders: z.array(z.looseObject({ id: text, type: text, customer_id: text, payment_id: text })).nullish(),
  total_money: money.nullish(),
  total_tax_money: money.nullish(),
  total_discount_money: money.nullish(),
  net_amount_due_money: money.nullish(),
});
export type Order = z.output<typeof order>;

export const payment = z.looseObject({
  id,
  order_id: text,
  customer_id: text,
  location_id: id,
  status: text,
  total_money: money.nullish(),
  amount_money: money.nullish(),
  source_type: text,
  receipt_number: text,
  buyer_email_address: text,
  created_at: time,
});
export type Payment = z.output<typeof payment>;

export const refund = z.looseObject({
  id,
  status: text,
  payment_id: text,
  order_id: text,
  location_id: text,
  amount_money: money,
  reason: text,
  created_at: time,
});

export const customer = z.looseObject({
  id,
  version: z.int().nullish(),
  given_name: text,
  family_name: text,
  email_address: text,
  phone_number: text,
  birthday: text,
  reference_id: text,
  preferences: z.looseObject({ email_unsubscribed: z.boolean().nullish() }).nullish(),
  created_at: time,
  updated_at: time.nullish(),
});
export type Customer = z.output<typeof customer>;

/** What stands beside a customer that Square has made of several others, or that went into another. */
export const customerNotice = z.looseObject({
  event_context: z.looseObject({ merge: z.looseObject({ from_customer_ids: z.array(id), to_customer_id: id }).nullish() }).nullish(),
});

/** The envelope of every webhook. `object` is the whole thing, but for orders, of which it names the id only. */
export const notification = z.looseObject({
  merchant_id: z.string(),
  type: z.string(),
  event_id: z.string().min(1).max(150),
  created_at: time,
  data: z.looseObject({ id: z.string().nullish(), object: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});
export type Notification = z.output<typeof notification>;
