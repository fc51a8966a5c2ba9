import { z } from 'zod';
import { decimal } from '../money.ts';

/** A number of Shopify's; one beyond 2^53 is a text already. */
export const number = z.union([z.string().min(1).max(100), z.int().transform(String)]);
export const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const text = z.string().nullish();

const consent = z.looseObject({
  state: text,
  opt_in_level: text,
  consent_updated_at: time.nullish(),
  consent_collected_from: text,
});
export type MarketingConsent = z.output<typeof consent>;

const address = z.looseObject({
  address1: text,
  address2: text,
  city: text,
  zip: text,
  province: text,
  country: text,
  phone: text,
});

export const customer = z.looseObject({
  id: number,
  email: text,
  phone: text,
  first_name: text,
  last_name: text,
  created_at: time.nullish(),
  updated_at: time.nullish(),
  email_marketing_consent: consent.nullish(),
  sms_marketing_consent: consent.nullish(),
  default_address: address.nullish(),
});
export type Customer = z.output<typeof customer>;

export const consentUpdate = z.looseObject({
  customer_id: number.optional(),
  id: number.optional(),
  email_address: text,
  phone: text,
  email_marketing_consent: consent.nullish(),
  sms_marketing_consent: consent.nullish(),
});

const discountCode = z.looseObject({ code: text });

export const lineItem = z.looseObject({
  product_id: number.nullish(),
  variant_id: number.nullish(),
  sku: text,
  title: text,
  variant_title: text,
  vendor: text,
  quantity: z.int().nullish(),
  price: decimal.nullish(),
});
export type LineItem = z.output<typeof lineItem>;

const basket = {
  token: text,
  cart_token: text,
  email: text,
  phone: text,
  currency: text,
  created_at: time,
  updated_at: time.nullish(),
  total_price: decimal.nullish(),
  subtotal_price: decimal.nullish(),
  total_tax: decimal.nullish(),
  total_discounts: decimal.nullish(),
  discount_codes: z.array(discountCode).nullish(),
  buyer_accepts_marketing: z.boolean().nullish(),
  customer: customer.nullish(),
  line_items: z.array(lineItem).max(10_000).nullish(),
};

export const order = z.looseObject({
  ...basket,
  id: number,
  name: text,
  contact_email: text,
  currency: z.string(),
  total_price: decimal,
  processed_at: time.nullish(),
  cancelled_at: time.nullish(),
  cancel_reason: text,
  financial_status: text,
  fulfillment_status: text,
  source_name: text,
  landing_site: text,
  referring_site: text,
  checkout_token: text,
  total_shipping_price_set: z.looseObject({ shop_money: z.looseObject({ amount: decimal }) }).nullish(),
});
export type Order = z.output<typeof order>;

export const checkout = z.looseObject({ ...basket, id: number.nullish(), token: z.string().min(1).max(150) });
export type Checkout = z.output<typeof checkout>;

export const cart = z.looseObject({
  token: z.string().min(1).max(150),
  created_at: time.nullish(),
  updated_at: time.nullish(),
  line_items: z.array(lineItem).max(10_000).nullish(),
});

export const refund = z.looseObject({
  id: number,
  order_id: number,
  created_at: time,
  processed_at: time.nullish(),
  note: text,
  transactions: z.array(z.looseObject({ kind: text, status: text, amount: decimal, currency: text })).nullish(),
  refund_line_items: z.array(z.looseObject({ quantity: z.int().nullish(), line_item: lineItem.nullish() })).nullish(),
});

export const product = z.looseObject({
  id: number,
  title: z.string(),
  vendor: text,
  product_type: text,
  handle: text,
  status: text,
  updated_at: time.nullish(),
  image: z.looseObject({ src: text }).nullish(),
  variants: z
    .array(z.looseObject({ id: number, sku: text, barcode: text, title: text, price: decimal.nullish() }))
    .max(2048)
    .nullish(),
});

export const privacyRequest = z.looseObject({
  shop_domain: z.string(),
  customer: z.looseObject({ id: number.nullish(), email: text, phone: text }).nullish(),
  orders_requested: z.array(number).nullish(),
  orders_to_redact: z.array(number).nullish(),
  data_request: z.looseObject({ id: number }).nullish(),
});

export const deleted = z.looseObject({ id: number });

/** `gid://shopify/Customer/7188389789809` */
const customerGid = z
  .string()
  .regex(/^gid:\/\/shopify\/Customer\/\d+$/)
  .transform((gid) => gid.slice(gid.lastIndexOf('/') + 1));

export const merged = z.looseObject({
  admin_graphql_api_customer_kept_id: customerGid,
  admin_graphql_api_customer_deleted_id: customerGid,
  status: text,
});
