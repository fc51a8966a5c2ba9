import { instant, UnreadableCell } from '@enishi/plugin-sdk/files';
import { z } from 'zod';
import { decimal } from '../money.ts';

const text = z.string().nullish();
export const number = z.union([z.string().min(1), z.int().transform(String)]);

/** GraphQL's DateTime of the shop: with its zone; one without is Japanese time. */
export const time = z.string().transform((written, context) => {
  try {
    return instant(written, 'Asia/Tokyo');
  } catch (error) {
    if (!(error instanceof UnreadableCell)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
});
const master = z.looseObject({ id: z.coerce.number(), name: text }).nullish();

const person = {
  name01: text,
  name02: text,
  kana01: text,
  kana02: text,
  email: text,
  phone_number: text,
  postal_code: text,
  addr01: text,
  addr02: text,
  birth: text,
  Pref: master,
  Sex: master,
};

export const order = z.looseObject({
  ...person,
  id: number,
  order_no: text,
  order_date: time.nullish(),
  payment_date: time.nullish(),
  create_date: time,
  update_date: time,
  subtotal: decimal,
  discount: decimal.nullish(),
  delivery_fee_total: decimal.nullish(),
  charge: decimal.nullish(),
  tax: decimal.nullish(),
  payment_total: decimal,
  payment_method: text,
  currency_code: text,
  add_point: decimal.nullish(),
  use_point: decimal.nullish(),
  OrderStatus: master,
  Customer: z.looseObject({ id: number }).nullish(),
  OrderItems: z.array(
    z.looseObject({
      product_name: text,
      product_code: text,
      class_category_name1: text,
      class_category_name2: text,
      price: decimal,
      quantity: decimal,
      OrderItemType: master,
      Product: z.looseObject({ id: number }).nullish(),
    }),
  ),
});
export type Order = z.output<typeof order>;

export const customer = z.looseObject({
  ...person,
  id: number,
  point: decimal.nullish(),
  buy_total: decimal.nullish(),
  create_date: time,
  update_date: time,
  Status: master,
});
export type Customer = z.output<typeof customer>;

export const product = z.looseObject({
  id: number,
  name: z.string(),
  update_date: time,
  Status: master,
  ProductClasses: z.array(
    z.looseObject({
      code: text,
      price02: decimal.nullish(),
      visible: z.boolean().nullish(),
      ClassCategory1: master,
      ClassCategory2: master,
    }),
  ),
});
