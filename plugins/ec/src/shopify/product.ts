import { type Desk, shaped } from '@enishi/plugin-sdk';
import { toNumber } from '@enishi/plugin-sdk/files';
import { dropListing, keepListing } from '../catalogue/store.ts';
import { janOf } from '../jan.ts';
import * as shapes from './shapes.ts';
import type { Call } from './topics.ts';

/** `products/*`: about nobody, so no event; the catalogue keeps what the shop sells. */
export async function keepProduct(payload: unknown, { topic, shop, at }: Call, desk: Desk): Promise<void> {
  if (topic === 'products/delete') {
    const { id } = shaped(shapes.deleted, payload);
    return dropListing(desk, { productId: id, shop, updatedAt: at });
  }
  const product = shaped(shapes.product, payload);
  const updatedAt = product.updated_at ?? at;
  const variants = (product.variants ?? []).flatMap(({ sku, barcode, title, price }) => {
    if (!sku) return [];
    return {
      shop,
      sku,
      productId: product.id,
      name: product.title,
      // What Shopify calls the only variant of a product that has none.
      variant: title && title !== 'Default Title' ? title : undefined,
      brand: product.vendor ?? undefined,
      category: product.product_type || undefined,
      price: price ? toNumber(price) : undefined,
      imageUrl: product.image?.src ?? undefined,
      jan: janOf(barcode ?? undefined) ?? janOf(sku),
      onSale: (product.status ?? 'active') === 'active',
      updatedAt: updatedAt.toISOString(),
    };
  });
  return keepListing(desk, { productId: product.id, shop, updatedAt, variants });
}
