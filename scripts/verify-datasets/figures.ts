import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { cdnow, type Dataset, demographics, onlineRetail, redemptions, transactions } from './datasets.ts';
import { Exact } from './exact.ts';

/** What the source files say, read by another CSV reader and summed by other code than the plugins'. */
export type Figures = Readonly<Record<string, string | number>>;

type Row = Readonly<Record<string, string>>;

async function* rowsOf(folder: string, { file }: Dataset): AsyncIterable<Row> {
  const raw = createReadStream(join(folder, file));
  const text = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  yield* text.pipe(parse({ columns: true }));
}

const cell = (row: Row, name: string): string => row[name] ?? '';

export async function onlineRetailFigures(folder: string): Promise<{ source: Figures; ofCustomer: ReadonlyMap<string, string> }> {
  const [all, sold, back, leftOut] = [new Exact(), new Exact(), new Exact(), new Exact()];
  const invoices = new Map<string, { customer: string; back: boolean; lines: number }>();
  const balance = new Map<string, Exact>();
  let lines = 0;
  for await (const row of rowsOf(folder, onlineRetail)) {
    const [invoice, customer, quantity, price] = [
      cell(row, 'InvoiceNo'),
      cell(row, 'CustomerID'),
      cell(row, 'Quantity'),
      cell(row, 'UnitPrice'),
    ];
    lines += 1;
    all.addProduct(quantity, price);
    const known = invoices.get(invoice) ?? { customer, back: quantity.startsWith('-'), lines: 0 };
    invoices.set(invoice, { ...known, lines: known.lines + 1 });
    if (invoice.startsWith('A')) leftOut.addProduct(quantity, price);
    else if (known.back) back.addProduct(quantity, price);
    else sold.addProduct(quantity, price);
    if (customer === '') continue;
    const account = balance.get(customer) ?? new Exact();
    account.addProduct(quantity, price);
    balance.set(customer, account);
  }
  const real = [...invoices].filter(([invoice]) => !invoice.startsWith('A')).map(([, value]) => value);
  const nobody = real.filter(({ customer }) => customer === '');
  const bought = new Map<string, number>();
  for (const invoice of real)
    if (!invoice.back && invoice.customer !== '') bought.set(invoice.customer, (bought.get(invoice.customer) ?? 0) + 1);
  const counts = [...bought.values()];
  const source = {
    lines,
    'lines left out': lines - real.reduce((sum, invoice) => sum + invoice.lines, 0),
    orders: real.filter((invoice) => !invoice.back).length,
    refunds: real.filter((invoice) => invoice.back).length,
    customers: balance.size,
    'anonymous orders': nobody.length,
    'anonymous lines': nobody.reduce((sum, invoice) => sum + invoice.lines, 0),
    'money of all lines': all.toFixed(3),
    'money left out': leftOut.toFixed(3),
    'money sold': sold.toFixed(3),
    'money back': `${back.toFixed(3)}`.replace(/^-/, ''),
    'first-time buyers': counts.filter((count) => count === 1).length + nobody.filter((invoice) => !invoice.back).length,
    'repeat buyers': counts.filter((count) => count > 1).length,
  };
  return {
    source,
    ofCustomer: new Map([...balance].map(([customer, sum]) => [customer.replace(/\.0$/, ''), sum.toFixed(3)])),
  };
}

export async function cdnowFigures(folder: string): Promise<Figures> {
  const money = new Exact();
  const cds = new Exact();
  const customers = new Set<string>();
  const [, ...lines] = (await readFile(join(folder, cdnow.file), 'utf8')).trimEnd().split('\n');
  for (const line of lines) {
    const [, customer = '', count = '', value = ''] = /^\s*(\d+)\s+\d{8}\s+(\d+)\s+([\d.]+)\s*$/.exec(line) ?? [];
    customers.add(customer);
    cds.add(count);
    money.add(value);
  }
  return {
    lines: lines.length,
    orders: lines.length,
    customers: customers.size,
    'money sold': money.toFixed(2),
    'items sold': cds.toFixed(0),
  };
}

export async function transactionFigures(folder: string): Promise<Figures> {
  const money = new Exact();
  const discounts = new Exact();
  const baskets = new Set<string>();
  const households = new Set<string>();
  let lines = 0;
  for await (const row of rowsOf(folder, transactions)) {
    lines += 1;
    baskets.add(cell(row, 'basket_id'));
    households.add(cell(row, 'household_id'));
    money.add(cell(row, 'sales_value'));
    for (const name of ['retail_disc', 'coupon_disc', 'coupon_match_disc']) discounts.add(cell(row, name));
  }
  return { lines, receipts: baskets.size, households: households.size, 'money paid': money.toFixed(2), discounts: discounts.toFixed(2) };
}

export async function rowFigures(folder: string, dataset: Dataset): Promise<Figures> {
  const households = new Set<string>();
  let lines = 0;
  for await (const row of rowsOf(folder, dataset)) {
    lines += 1;
    households.add(cell(row, 'household_id'));
  }
  return { lines, events: lines, households: households.size };
}

/** How many cells of the demographics say anything: each is one trait. */
export async function traitFigures(folder: string): Promise<Figures> {
  let traits = 0;
  for await (const row of rowsOf(folder, demographics))
    traits += Object.entries(row).filter(([name, value]) => name !== 'household_id' && value !== '').length;
  return { ...(await rowFigures(folder, demographics)), traits };
}

/** The catalog has a row per coupon and product, some of them twice; each redemption counts the products of its coupon. */
export async function couponFigures(folder: string): Promise<Figures> {
  const products = new Map<string, Set<string>>();
  const keyOf = (row: Row): string => `${cell(row, 'coupon_upc')} ${cell(row, 'campaign_id')}`;
  for await (const row of rowsOf(folder, { ...redemptions, file: join(dirname(redemptions.file), 'coupons.csv.gz') }))
    products.set(keyOf(row), (products.get(keyOf(row)) ?? new Set()).add(cell(row, 'product_id')));
  let sum = 0;
  for await (const row of rowsOf(folder, redemptions)) sum += products.get(keyOf(row))?.size ?? 0;
  return { 'products of redeemed coupons': sum };
}
