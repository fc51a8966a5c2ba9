import type { FileInput } from '@enishi/plugin-sdk';
import { type ColumnChoice, columnOf, openTable, requiredColumn, type TableOptions } from '@enishi/plugin-sdk/files';

export interface CatalogOptions extends TableOptions {
  readonly couponId: ColumnChoice;
  readonly campaignId: ColumnChoice;
  readonly catalogProductId: ColumnChoice;
}

/** More than this in every event would be most of what is stored; then only their number is. */
const mostListed = 100;

/** What coupons are good for, from a file with one coupon and product to a row. The same coupon may mean other products in another campaign. */
export class CouponCatalog {
  readonly #products = new Map<string, Set<string>>();

  static async read(input: FileInput, options: CatalogOptions): Promise<CouponCatalog> {
    const table = await openTable(input, { ...options, columns: undefined });
    const coupon = requiredColumn(table, options.couponId);
    const product = requiredColumn(table, options.catalogProductId);
    const campaign = columnOf(table, options.campaignId);
    const catalog = new CouponCatalog();
    for await (const rows of table.rows()) {
      for (const { cells, problem } of rows) {
        if (problem === undefined)
          catalog.#add(keyOf(cells[coupon], campaign === undefined ? undefined : cells[campaign]), cells[product] ?? '');
      }
    }
    return catalog;
  }

  productsOf(coupon: string, campaign: string | undefined): { product_count?: number; product_ids?: string[] } {
    const products = this.#products.get(keyOf(coupon, campaign));
    if (products === undefined) return {};
    return products.size > mostListed ? { product_count: products.size } : { product_count: products.size, product_ids: [...products] };
  }

  #add(key: string, product: string): void {
    const products = this.#products.get(key) ?? new Set<string>();
    this.#products.set(key, products.add(product));
  }
}

const keyOf = (coupon: string | undefined, campaign: string | undefined): string => `${coupon} ${campaign ?? ''}`;
