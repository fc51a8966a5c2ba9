import { z } from 'zod';

/** Major units of the currency: 1500 is ¥1,500, 12.5 is $12.50. The bounds refuse amounts in the wrong unit and broken sums. */
export const money = z.number().min(-1e9).max(1e9);
export const id = z.string().min(1).max(200);
export const text = z.string().max(2000);
export const currency = z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as JPY');
export const quantity = z.number().min(-1e6).max(1e6);

/** What the e-commerce spec says about a product, wherever one appears. */
export const productFields = {
  product_id: id.optional(),
  sku: id.optional(),
  /** Only where the shop's number is a real one: then it is the product that a till sold, too. */
  jan: z
    .string()
    .regex(/^(?:\d{8}|\d{13})$/)
    .optional(),
  category: text.optional(),
  name: text.optional(),
  brand: text.optional(),
  variant: text.optional(),
  price: money.optional(),
  quantity: quantity.optional(),
  coupon: text.optional(),
  position: z.number().int().optional(),
  url: text.optional(),
  image_url: text.optional(),
};

/** Unknown fields are kept everywhere: a shop's own fields are worth having, and rules can read them. */
export const products = z.array(z.looseObject(productFields)).max(10_000);
export type Product = z.infer<typeof products>[number];
