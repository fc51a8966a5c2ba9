import { type FileInput, type FileItem, type FileSource, file } from '@enishi/plugin-sdk';
import { column, columnOf, openTable, RowReader, requiredColumn } from '@enishi/plugin-sdk/files';
import { z } from 'zod';
import { inChain, whoIs } from '../customer.ts';
import { couponRedeemed } from '../events/index.ts';
import { CouponCatalog } from './coupon-catalog.ts';
import { personOptions } from './receipt-options.ts';
import { eachRow, Occurrences, required, whoOf } from './rows.ts';

const options = z.object({
  ...personOptions,
  couponId: column('coupon_id', 'クーポンコード', 'クーポンID'),
  campaignId: column('campaign_id', 'キャンペーンID'),
  storeId: column('store_id', '店舗コード'),
  at: column('at', 'redeemed_at', '利用日時', '利用日'),
  catalog: z
    .string()
    .optional()
    .describe('Name of a CSV file in the same folder, one coupon and product to a row: which products a coupon is good for.'),
  catalogProductId: column('product_id', 'JANコード', '商品コード').describe('Column of the catalog.'),
});

export const redemptionsFile = (settings: { chain: string | undefined }): FileSource =>
  file({
    description: 'Coupons handed in, as CSV, one to a row.',
    options,
    read: (input, given) => readRedemptions(input, { ...given, chain: given.chain ?? settings.chain }),
  });

async function* readRedemptions(input: FileInput, given: z.output<typeof options>): AsyncIterable<FileItem> {
  const table = await openTable(input, given);
  const cells = new RowReader(table, given.timeZone);
  const columns = {
    member: columnOf(table, given.member),
    household: columnOf(table, given.household),
    coupon: requiredColumn(table, given.couponId),
    campaign: columnOf(table, given.campaignId),
    store: columnOf(table, given.storeId),
    at: requiredColumn(table, given.at),
  };
  const catalog = given.catalog === undefined ? undefined : await CouponCatalog.read(input.beside(given.catalog), given);
  const occurrences = new Occurrences();
  yield* eachRow(table, (row) => {
    const who = whoOf(row, cells, columns);
    const at = cells.instant(row, columns.at);
    const coupon_id = required(row, cells, { column: columns.coupon, name: 'the coupon' });
    const campaign_id = cells.text(row, columns.campaign);
    return couponRedeemed({
      id: inChain(given.chain, occurrences.id(`coupon:${who.key}:${coupon_id}:${campaign_id ?? ''}:${at.toISOString()}`)),
      at,
      identifiers: whoIs(who, { chain: given.chain }),
      properties: { coupon_id, campaign_id, store_id: cells.text(row, columns.store), ...catalog?.productsOf(coupon_id, campaign_id) },
    });
  });
}
