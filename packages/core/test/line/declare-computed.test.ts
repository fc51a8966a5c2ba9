import { Line, Registry, saveComputedTraits, saveSegment, type Workspace, withdrawComputedTraits } from '@enishi/core';
import { type ComputedTrait, computedTrait, definePlugin } from '@enishi/plugin-sdk';
import { createTestDomain, type TestDomain } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { computedTraits, loyaltyOf, valuesAsKept, valuesFromScratch } from './loyalty.ts';
import { ordered, shop, today } from './world.ts';

const day = 86_400_000;
const now = (): Date => today;

const order = (user: string, daysAgo: number, total: number) => ({
  type: 'shop.ordered',
  at: new Date(today.getTime() - daysAgo * day),
  identifiers: { user },
  properties: { total, lines: [{ sku: 'tea' }] },
});

/** The same database under a server whose loyalty plugin declares these. */
async function restart({ database, workspace }: TestDomain, declared: readonly ComputedTrait[]): Promise<Line> {
  const line = new Line({ database, registry: new Registry([shop({}), loyaltyOf(declared)]), now });
  await saveComputedTraits(line, workspace);
  return line;
}

const valuesOf = async (line: Line, workspace: Workspace, name: string): Promise<unknown[]> => {
  const rows = await line.database.query<{ fact: { v: unknown } | null }>(
    workspace.id,
    'select traits -> $2 as fact from customer where workspace_id = $1 order by last_event_at',
    [workspace.id, name],
  );
  return rows.map(({ fact }) => fact?.v);
};

const statuses = (line: Line, workspace: Workspace): Promise<unknown[]> =>
  line.database.query(workspace.id, 'select name, status from computed_trait where workspace_id = $1 order by name collate "C"', [
    workspace.id,
  ]);

it('gives existing customers what a plugin newly declares, changes and no longer declares', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now });
  const { workspace } = domain;
  await domain.line.accept(workspace, 'shop', [order('hanako', 30, 100), order('hanako', 10, 50), order('taro', 5, 7)]);
  await domain.line.accept(workspace, 'crm', [
    { type: 'enishi.identified', at: new Date(today.getTime() - 9 * day), identifiers: { user: 'hanako' }, traits: { 'loyalty.spent': 1 } },
  ]);

  const first = await restart(domain, computedTraits);
  expect(await valuesAsKept(first, workspace)).toEqual(await valuesFromScratch(first, workspace, today));
  expect(await valuesOf(first, workspace, 'loyalty.spent20d')).toEqual([50, 7]);
  expect(await valuesOf(first, workspace, 'loyalty.spent')).toEqual([150, 7]);
  expect(new Set((await statuses(first, workspace)).map((row) => JSON.stringify(row)))).toEqual(
    new Set(computedTraits.map(({ traitName: name }) => JSON.stringify({ name, status: 'LIVE' }))),
  );

  const wider = computedTrait('loyalty.spent20d', { event: ordered, within: 'P40D', sum: 'total' }, { description: 'Wider.' });
  const second = await restart(domain, [wider]);
  expect(await valuesOf(second, workspace, 'loyalty.spent20d')).toEqual([150, 7]);
  expect(await valuesOf(second, workspace, 'loyalty.spent')).toEqual([1, undefined]);
  expect(await valuesOf(second, workspace, 'loyalty.lastAt')).toEqual([undefined, undefined]);
  expect(await statuses(second, workspace)).toEqual([{ name: 'loyalty.spent20d', status: 'LIVE' }]);

  // A process with the old plugin that is still running follows what the last one has declared.
  await domain.line.accept(workspace, 'shop', [order('taro', 1, 3)]);
  expect(await valuesOf(second, workspace, 'loyalty.spent20d')).toEqual([150, 10]);
});

it('is declared once by servers that start at the same moment', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now });
  const { workspace } = domain;
  const users = Array.from({ length: 30 }, (_, n) => `user-${n}`);
  await domain.line.accept(
    workspace,
    'shop',
    users.map((user, n) => order(user, n, 10 + n)),
  );
  const [line] = await Promise.all([restart(domain, computedTraits), restart(domain, computedTraits)]);
  expect(await valuesAsKept(line, workspace)).toEqual(await valuesFromScratch(line, workspace, today));
  expect(await statuses(line, workspace)).toEqual(
    computedTraits.map(({ traitName: name }) => ({ name, status: 'LIVE' })).sort((a, b) => (a.name < b.name ? -1 : 1)),
  );
  const [rules] = await line.database.query(workspace.id, 'select rules_version from change_counter where workspace_id = $1', [
    workspace.id,
  ]);
  expect(rules).toEqual({ rules_version: 1 });
});

it('finishes what a process that stopped in the middle has left, and does nothing where nothing is new', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now });
  const { workspace, database } = domain;
  await domain.line.accept(workspace, 'shop', [order('hanako', 10, 50)]);
  await restart(domain, computedTraits);
  const customer = (): Promise<unknown[]> => database.query(workspace.id, 'select * from customer where workspace_id = $1', [workspace.id]);
  const done = await customer();
  await restart(domain, computedTraits);
  expect(await customer()).toEqual(done);

  await database.query(
    workspace.id,
    `with undone as (update customer set traits = '{}', rules_version = 0 where workspace_id = $1)
     update computed_trait set status = 'BUILDING' where workspace_id = $1`,
    [workspace.id],
  );
  const line = await restart(domain, computedTraits);
  expect(await valuesAsKept(line, workspace)).toEqual(await valuesFromScratch(line, workspace, today));
});

const reported = (value: number, at: Date) => ({
  type: 'enishi.identified',
  at,
  identifiers: { user: 'hanako' },
  traits: { 'loyalty.spent': value },
});

it('leaves alone what plugins of other servers declare, until they are withdrawn by name', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now });
  const { workspace, database } = domain;
  await domain.line.accept(workspace, 'shop', [order('hanako', 10, 50)]);
  const whole = await restart(domain, computedTraits);
  await saveSegment(whole, workspace, { key: 'spent', name: 'Spent', rule: { trait: 'loyalty.spent', atLeast: 50 } });
  const members = async (): Promise<unknown> =>
    (await database.query<{ size: number }>(workspace.id, 'select size from segment where workspace_id = $1', [workspace.id]))[0]?.size;

  const answered = computedTrait('loyal.orders', { event: ordered, count: true }, { description: 'Of a name that begins alike.' });
  const loyal = definePlugin({ name: 'loyal', description: 'Another.', config: z.object({}), computedTraits: [answered] })({});
  const other = new Line({ database, registry: new Registry([shop({}), loyal]), now });
  await saveComputedTraits(other, workspace);
  expect(await valuesOf(other, workspace, 'loyal.orders')).toEqual([1]);
  expect(await valuesOf(other, workspace, 'loyalty.spent')).toEqual([50]);
  expect(await members()).toBe(1);

  // It does not know that the trait is computed, and takes a report of it for any other.
  await other.accept(workspace, 'crm', [reported(7, new Date(today.getTime() - 3 * day))]);
  expect(await valuesOf(other, workspace, 'loyalty.spent')).toEqual([50]);
  expect(await members()).toBe(1);

  expect(await withdrawComputedTraits(other, workspace, 'loyalty')).toEqual(computedTraits.map(({ traitName }) => traitName).sort());
  expect(await valuesOf(other, workspace, 'loyalty.spent')).toEqual([7]);
  expect(await valuesOf(other, workspace, 'loyal.orders')).toEqual([1]);
  expect(await members()).toBe(0);
  expect(await statuses(other, workspace)).toEqual([{ name: 'loyal.orders', status: 'LIVE' }]);
  expect(await withdrawComputedTraits(other, workspace, 'loyalty')).toEqual([]);
});
