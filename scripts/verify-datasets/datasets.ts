import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One file of a public data set and the source that reads it. */
export interface Dataset {
  readonly name: string;
  readonly file: string;
  readonly source: string;
  readonly options: Readonly<Record<string, unknown>>;
}

const optionsIn = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../examples/datasets', `${name}.json`), 'utf8')) as Record<string, unknown>;

const dataset = (name: string, file: string, source: string): Dataset => ({ name, file, source, options: optionsIn(name) });

export const onlineRetail = dataset('online-retail', 'online-retail/online_retail.csv.gz', 'ec.orders');
export const cdnow = dataset('cdnow', 'cdnow/CDNOW_master.txt', 'ec.orders');
export const transactions = dataset('completejourney-transactions', 'completejourney/transactions_sample.csv.gz', 'pos.receipts');
export const campaigns = dataset('completejourney-campaigns', 'completejourney/campaigns.csv.gz', 'pos.campaigns');
export const redemptions = dataset('completejourney-redemptions', 'completejourney/coupon_redemptions.csv.gz', 'pos.redemptions');
export const demographics = dataset('completejourney-demographics', 'completejourney/demographics.csv.gz', 'pos.members');

export const datasets = [onlineRetail, cdnow, transactions, campaigns, redemptions, demographics];
