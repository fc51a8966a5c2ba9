import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createWorkspace, Database, type ImportReport, importFile, Line, Registry, saveSegment, type Workspace } from '@enishi/core';
import { ec } from '@enishi/plugin-ec';
import { pos } from '@enishi/plugin-pos';
import type { Source } from '@enishi/plugin-sdk';
import { openScratch } from './verify-datasets/database.ts';
import {
  campaigns,
  cdnow,
  type Dataset,
  datasets,
  demographics,
  onlineRetail,
  redemptions,
  transactions,
} from './verify-datasets/datasets.ts';
import { Exact } from './verify-datasets/exact.ts';
import {
  cdnowFigures,
  couponFigures,
  type Figures,
  onlineRetailFigures,
  rowFigures,
  traitFigures,
  transactionFigures,
} from './verify-datasets/figures.ts';
import { Ledger } from './verify-datasets/ledger.ts';
import { Stored } from './verify-datasets/stored.ts';

/**
 * Imports public data sets through the plugins and the real line, and compares what is stored with what the files say, counted and
 * summed by other code. Ends with 1 if any figure differs. `ENISHI_DATASETS` names the folder, `DATABASE_URL` the server.
 */
const folder = resolve(process.env.ENISHI_DATASETS ?? join(import.meta.dirname, '../../shared/datasets'));
const missing = datasets.filter(({ file }) => !existsSync(join(folder, file)));
if (missing.length > 0) {
  console.log(
    `skipped: no ${missing.map(({ file }) => file).join(', ')} in ${folder}; set ENISHI_DATASETS (see examples/datasets/README.md)`,
  );
  process.exit(0);
}

const plugins = [ec({}), pos({})];
const sources = new Map<string, Source>(
  plugins.flatMap((plugin) =>
    Object.entries(plugin.setup({ urlOf: (source) => source }).sources ?? {}).map(
      ([name, source]) => [`${plugin.name}.${name}`, source] as const,
    ),
  ),
);
const scratch = await openScratch();
const database = await Database.open({ url: scratch.url });
const line = new Line({ database, registry: new Registry(plugins) });
const rejects = mkdtempSync(join(tmpdir(), 'enishi-rejects-'));
const ledger = new Ledger();
try {
  await verifyOnlineRetail();
  await verifyCdnow();
  await verifyJourney();
} finally {
  await line.close();
  await database.close();
  await scratch.stop();
  rmSync(rejects, { recursive: true, force: true });
}
ledger.print();
console.log(ledger.agrees ? 'every figure agrees' : 'FIGURES DIFFER');
process.exitCode = ledger.agrees ? 0 : 1;

async function verifyOnlineRetail(): Promise<void> {
  const { ofCustomer, source } = await onlineRetailFigures(folder);
  const workspace = await makeWorkspace('online-retail');
  for (const segment of plugins.flatMap((plugin) => plugin.segments)) await saveSegment(line, workspace, segment);
  const stored = new Stored(database, workspace);
  const report = await bringIn(workspace, onlineRetail);
  reconcileLines(onlineRetail, report, source);
  compare(onlineRetail, 'lines left out', { source: source['lines left out'], stored: report.lines.rejected });
  const found = await stored.onlineRetail();
  const names = [
    'orders',
    'refunds',
    'customers',
    'anonymous orders',
    'anonymous lines',
    'money sold',
    'money back',
    'first-time buyers',
    'repeat buyers',
  ];
  for (const name of names) compare(onlineRetail, name, { source: source[name], stored: found[name] });
  // As many customers as anonymous orders: no two strangers were tied together.
  compare(onlineRetail, 'customers of anonymous orders', { source: source['anonymous orders'], stored: found['anonymous customers'] });
  const net = new Exact();
  net.add(String(found['money sold']));
  net.add(String(found['money back']), -1n);
  net.add(String(source['money left out']));
  compare(onlineRetail, 'money of all lines', { source: source['money of all lines'], stored: net.toFixed(3) });
  const balances = await stored.balances();
  const wrong = [...ofCustomer].filter(([account, balance]) => balances.get(account) !== balance);
  compare(onlineRetail, 'customers whose own balance differs', { source: 0, stored: wrong.length });
  await again(workspace, onlineRetail, report);
}

async function verifyCdnow(): Promise<void> {
  const source = await cdnowFigures(folder);
  const workspace = await makeWorkspace('cdnow');
  const report = await bringIn(workspace, cdnow);
  reconcileLines(cdnow, report, source);
  const found = await new Stored(database, workspace).cdnow();
  for (const name of ['orders', 'customers', 'money sold', 'items sold'])
    compare(cdnow, name, { source: source[name], stored: found[name] });
  await again(workspace, cdnow, report);
}

async function verifyJourney(): Promise<void> {
  const workspace = await makeWorkspace('completejourney');
  const stored = new Stored(database, workspace);
  const baskets = await transactionFigures(folder);
  const sold = await bringIn(workspace, transactions);
  reconcileLines(transactions, sold, baskets);
  const found = await stored.transactions();
  for (const name of ['receipts', 'households', 'money paid', 'discounts'])
    compare(transactions, name, { source: baskets[name], stored: found[name] });
  compare(transactions, 'lines stored', { source: baskets.lines, stored: found['lines stored'] });
  await again(workspace, transactions, sold);
  for (const [dataset, type] of [
    [campaigns, 'pos.campaign_sent'],
    [redemptions, 'pos.coupon_redeemed'],
    [demographics, 'pos.member_updated'],
  ] as const) {
    const source = await rowFigures(folder, dataset);
    const report = await bringIn(workspace, dataset);
    reconcileLines(dataset, report, source);
    const rows = await stored.rowsOf(type);
    for (const name of ['events', 'households']) compare(dataset, name, { source: source[name], stored: rows[name] });
    await again(workspace, dataset, report);
  }
  const products = 'products of redeemed coupons';
  compare(redemptions, products, { source: (await couponFigures(folder))[products], stored: (await stored.coupons())[products] });
  compare(demographics, 'traits', { source: (await traitFigures(folder)).traits, stored: (await stored.traits()).traits });
}

function makeWorkspace(key: string): Promise<Workspace> {
  return createWorkspace(scratch.url, { key, name: key, country: 'US' });
}

function compare({ name }: Dataset, figure: string, pair: { source: unknown; stored: unknown }): void {
  ledger.compare(name, figure, pair);
}

async function bringIn(workspace: Workspace, dataset: Dataset): Promise<ImportReport> {
  const file = sources.get(dataset.source);
  if (file?.kind !== 'file') throw new Error(`no file source ${dataset.source}`);
  const path = join(folder, dataset.file);
  const rejectsPath = join(rejects, `${dataset.name}.ndjson`);
  const report = await importFile({ database, line, workspace, source: dataset.source, file, options: dataset.options, path, rejectsPath });
  const { accepted, duplicate, quarantined, rejected, seconds, rate } = report;
  console.log(
    `${dataset.name}: ${accepted} accepted, ${duplicate} duplicate, ${quarantined} quarantined, ${rejected} rejected in ${seconds.toFixed(1)} s (${rate.toFixed(0)} items/s)`,
  );
  for (const [reason, count] of Object.entries(report.reasons)) console.log(`  ${count} x ${reason}`);
  return report;
}

function reconcileLines(dataset: Dataset, { lines }: ImportReport, source: Figures): void {
  const answered = lines.accepted + lines.duplicate + lines.quarantined + lines.rejected;
  compare(dataset, 'lines in = accepted + quarantined + rejected', { source: source.lines, stored: answered });
  compare(dataset, 'lines quarantined', { source: 0, stored: lines.quarantined });
}

/** The same file once more: every event is a duplicate, what was refused is refused again, and nothing is added. */
async function again(workspace: Workspace, dataset: Dataset, first: ImportReport): Promise<void> {
  const stored = new Stored(database, workspace);
  const before = await stored.size();
  const second = await bringIn(workspace, dataset);
  compare(dataset, 'second import: duplicates', { source: first.accepted, stored: second.duplicate });
  compare(dataset, 'second import: accepted', { source: 0, stored: second.accepted });
  const after = await stored.size();
  for (const [name, count] of Object.entries(before)) compare(dataset, `second import: ${name}`, { source: count, stored: after[name] });
}
