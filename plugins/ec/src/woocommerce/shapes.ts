import { instant, UnreadableCell } from '@enishi/plugin-sdk/files';
import { z } from 'zod';
import { decimal } from '../money.ts';

const text = z.string().nullish();
export const number = z.int().min(0).transform(String);

/** WooCommerce writes its `_gmt` times without a zone. */
export const gmt = z.string().transform((written, context) => {
  try {
    return instant(written, 'UTC');
  } catch (error) {
    if (!(error instanceof UnreadableCell)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
});

const address = z.looseObject({
  first_name: text,
  last_name: text,
  address_1: text,
  address_2: text,
  city: text,
  state: text,
  postcode: text,
  country: text,
  email: text,
  phone: text,
});

export const order = z.looseObject({
  id: number,
  number: z.string().optional(),
  status: z.string(),
  currency: z.string(),
  date_created_gmt: gmt,
  date_modified_gmt: gmt,
  date_paid_gmt: gmt.nullish(),
  total: decimal,
  total_tax: decimal.nullish(),
  discount_total: decimal.nullish(),
  shipping_total: decimal.nullish(),
  customer_id: number,
  billing: address.nullish(),
  payment_method_title: text,
  created_via: text,
  line_items: z
    .array(
      z.looseObject({
        product_id: number.nullish(),
        variation_id: number.nullish(),
        name: text,
        sku: text,
        quantity: z.number().nullish(),
        price: decimal.nullish(),
      }),
    )
    .max(10_000)
    .default([]),
  coupon_lines: z.array(z.looseObject({ code: text })).default([]),
  refunds: z.array(z.looseObject({ id: number, reason: text, total: decimal })).default([]),
});
export type Order = z.output<typeof order>;

export const customer = z.looseObject({
  id: number,
  date_created_gmt: gmt,
  date_modified_gmt: gmt.nullish(),
  email: text,
  first_name: text,
  last_name: text,
  billing: address.nullish(),
});
export type Customer = z.output<typeof customer>;

export const product = z.looseObject({
  id: number,
  name: z.string(),
  sku: text,
  price: z.string().nullish(),
  status: text,
  permalink: text,
  global_unique_id: text,
  date_modified_gmt: gmt,
  categories: z.array(z.looseObject({ name: z.string() })).default([]),
  images: z.array(z.looseObject({ src: text })).default([]),
});

export const deleted = z.looseObject({ id: number });
