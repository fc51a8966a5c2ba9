import { type Desk, shaped } from '@enishi/plugin-sdk';
import { toNumber } from '@enishi/plugin-sdk/files';
import { keepListing } from '../catalogue/store.ts';
import { janOf } from '../jan.ts';
import * as shapes from './shapes.ts';

/** 公開: the product is shown in the shop. */
const shown = 1;

/** What the shop sells goes into the catalogue, one entry per product code. */
export async function keepProduct(payload: unknown, { shop, url }: { shop: string | undefined; url: string }, desk: Desk): Promise<void> {
  const product = shaped(shapes.product, payload);
  const updatedAt = product.update_date;
  const variants = product.ProductClasses.flatMap(({ code, price02, visible, ClassCategory1, ClassCategory2 }) => {
    if (!code) return [];
    return {
      shop,
      sku: code,
      productId: product.id,
      name: product.name,
      variant: [ClassCategory1?.name, ClassCategory2?.name].filter((part) => part).join(' / ') || undefined,
      price: price02 ? toNumber(price02) : undefined,
      url: `${url}/products/detail/${product.id}`,
      jan: janOf(code),
      onSale: product.Status?.id === shown && visible !== false,
      updatedAt: updatedAt.toISOString(),
    };
  });
  await keepListing(desk, { productId: product.id, shop, updatedAt, variants });
}
