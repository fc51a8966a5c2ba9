import { type BatchReport, Line } from '@enishi/core';
import { createTestDomain, type TestDomain } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { shop } from './world.ts';

const most = 1000;

const traitsOf = async ({ database, workspace }: TestDomain): Promise<Record<string, unknown>> => {
  const [row] = await database.query<{ traits: Record<string, { v: unknown }> }>(
    workspace.id,
    'select traits from customer where workspace_id = $1',
    [workspace.id],
  );
  return Object.fromEntries(Object.entries(row?.traits ?? {}).map(([name, { v }]) => [name, v]));
};

const says = (anonymous: string, traits: Record<string, unknown>) => ({ type: 'enishi.identified', identifiers: { anonymous }, traits });
const fresh = (start: number): Record<string, unknown> => Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`t${start + n}`, n]));

it('keeps the first thousand names of a flood and every event, without its cost growing by the square', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { database, registry, workspace } = domain;
  const reports: BatchReport[] = [];
  const line = new Line({ database, registry, onBatch: (report) => reports.push(report) });
  const flood = Array.from({ length: 2500 }, (_, n) => says('browser-1', fresh(n * 100)));
  const receipts = await line.accept(workspace, 'web', flood);
  expect(new Set(receipts.map(({ status }) => status))).toEqual(new Set(['ACCEPTED']));
  expect(Object.keys(await traitsOf(domain)).sort()).toEqual(Array.from({ length: most }, (_, n) => `t${n}`).sort());
  const stored = await database.query(workspace.id, 'select count(*)::int from trait_observation where workspace_id = $1', [workspace.id]);
  expect(stored).toEqual([{ count: most }]);
  expect(reports.reduce((sum, { traitsDropped }) => sum + traitsDropped, 0)).toBe(250_000 - most);
  await line.close();
});

it('goes on learning what it holds, and what a plugin declares, of a customer who has all the traits there may be', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { line, workspace } = domain;
  const flood = Array.from({ length: most / 100 }, (_, n) => says('browser-1', fresh(n * 100)));
  await line.accept(workspace, 'web', flood);
  await line.accept(workspace, 'web', [says('browser-1', { t7: 'new', unheardOf: 1, 'shop.rank': 'gold' })]);
  const traits = await traitsOf(domain);
  expect(traits).toMatchObject({ t7: 'new', 'shop.rank': 'gold' });
  expect(traits).not.toHaveProperty('unheardOf');
});

it('holds to the limit when customers become one: what is declared stays, and of the rest what was seen last', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { line, workspace } = domain;
  const at = (day: number, event: object) => ({ ...event, at: `2026-05-0${day}T00:00:00Z` });
  const thousand = (browser: string, start: number) => Array.from({ length: most / 100 }, (_, n) => says(browser, fresh(start + n * 100)));
  await line.accept(workspace, 'web', [at(1, says('old', { 'shop.rank': 'gold' })), ...thousand('old', 0).map((one) => at(1, one))]);
  await line.accept(
    workspace,
    'web',
    thousand('new', 5000).map((one) => at(2, one)),
  );
  await line.accept(workspace, 'web', [
    { type: 'enishi.linked', at: '2026-05-03T00:00:00Z', identifiers: { anonymous: 'old', user: 'hanako' } },
    { type: 'enishi.linked', at: '2026-05-03T00:00:00Z', identifiers: { anonymous: 'new', user: 'hanako' } },
  ]);
  const traits = await traitsOf(domain);
  expect(Object.keys(traits)).toHaveLength(most);
  expect(traits['shop.rank']).toBe('gold');
  expect(Object.keys(traits).filter((name) => Number(name.slice(1)) >= 5000)).toHaveLength(most - 1);
});
