import { z } from 'zod';

/** A product as the shop sells it: one per stock-keeping number, as it was at `updatedAt`. */
export const product = z.object({
  shop: z.string().optional(),
  sku: z.string(),
  productId: z.string(),
  name: z.string(),
  variant: z.string().optional(),
  brand: z.string().optional(),
  category: z.string().optional(),
  /** Major units. */
  price: z.number().optional(),
  currency: z.string().optional(),
  url: z.string().optional(),
  imageUrl: z.string().optional(),
  /** Only a real GTIN: what a till sold under the same one is the same product. */
  jan: z.string().optional(),
  onSale: z.boolean(),
  updatedAt: z.iso.datetime(),
});
export type CatalogueProduct = z.output<typeof product>;

/** Where the catalogue keeps a product, for resolvers to read; a shop's numbers mean nothing in another shop. */
export const productKey = (sku: string, shop: string | undefined): string => `public/product:${shop ?? ''}:${sku}`;

/** Where it keeps which numbers a product of the shop has, of all its variants. */
export const variantsKey = (productId: string, shop: string | undefined): string => `variants:${shop ?? ''}:${productId}`;
