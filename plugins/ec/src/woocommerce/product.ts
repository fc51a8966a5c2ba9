import { type Desk, shaped } from '@enishi/plugin-sdk';
import { amount, toNumber } from '@enishi/plugin-sdk/files';
import { keepListing } from '../catalogue/store.ts';
import { janOf } from '../jan.ts';
import * as shapes from './shapes.ts';

/** What the shop sells goes into the catalogue; it is about nobody, so it is no event. Variations come as products of their own. */
export async function keepProduct(payload: unknown, shop: string | undefined, desk: Desk): Promise<void> {
  const product = shaped(shapes.product, payload);
  const updatedAt = product.date_modified_gmt;
  const sku = product.sku || undefined;
  const listed = {
    shop,
    productId: product.id,
    name: product.name,
    category: product.categories[0]?.name,
    price: product.price ? toNumber(amount(product.price)) : undefined,
    url: product.permalink ?? undefined,
    imageUrl: product.images[0]?.src ?? undefined,
    jan: janOf(product.global_unique_id ?? undefined) ?? janOf(sku),
    onSale: (product.status ?? 'publish') === 'publish',
    updatedAt: updatedAt.toISOString(),
  };
  await keepListing(desk, { productId: product.id, shop, updatedAt, variants: sku === undefined ? [] : [{ ...listed, sku }] });
}
