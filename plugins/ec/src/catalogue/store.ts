import type { Desk } from '@enishi/plugin-sdk';
import { type CatalogueProduct, productKey, variantsKey } from './product.ts';

/** A product of the shop with all its variants, as one message brings it. */
export interface Listing {
  readonly productId: string;
  readonly shop: string | undefined;
  readonly updatedAt: Date;
  readonly variants: readonly CatalogueProduct[];
}

interface Kept {
  readonly skus: readonly string[];
  readonly updatedAt: string;
}

/** Keeps a listing. Messages come in any order: one that is older than what is known changes nothing. A variant that is gone is no longer on sale. */
export async function keepListing(desk: Desk, { productId, shop, updatedAt, variants }: Listing): Promise<void> {
  const key = variantsKey(productId, shop);
  const known = await desk.state.get<Kept>(key);
  if (known !== undefined && known.updatedAt > updatedAt.toISOString()) return;
  const skus = variants.map(({ sku }) => sku);
  const gone = known?.skus.filter((sku) => !skus.includes(sku)) ?? [];
  await Promise.all([
    ...variants.map((variant) => desk.state.set(productKey(variant.sku, shop), variant)),
    ...gone.map((sku) => takeOffSale(desk, productKey(sku, shop), updatedAt)),
  ]);
  await desk.state.set(key, { skus, updatedAt: updatedAt.toISOString() } satisfies Kept);
}

/** The shop deleted a product. Orders name it for ever, so it stays readable, off sale. */
export const dropListing = (desk: Desk, listing: Omit<Listing, 'variants'>): Promise<void> =>
  keepListing(desk, { ...listing, variants: [] });

async function takeOffSale(desk: Desk, key: string, at: Date): Promise<void> {
  const product = await desk.state.get<CatalogueProduct>(key);
  if (product) await desk.state.set(key, { ...product, onSale: false, updatedAt: at.toISOString() } satisfies CatalogueProduct);
}
