import { compileRule, sqlParameters } from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { shop } from './world.ts';

const identifiers = { user: 'ann' };
const order = (at: Date) => ({ id: at.toISOString(), type: 'shop.ordered', at, identifiers, properties: { total: 1 } });
const countTables = `select count(*) as n from pg_class where relispartition and relkind = 'r' and relname like 'event\\_%'`;

it('takes in an event of every month there ever was without a table for each', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => new Date('2026-06-01T00:00:00Z') });
  const { line, workspace, database } = domain;
  const months = Array.from({ length: 12 * (2026 - 1970) + 5 }, (_, month) => order(new Date(Date.UTC(1970, month))));
  const statuses = async () => new Set((await line.accept(workspace, 'store', months)).map(({ status }) => status));
  expect(await statuses()).toEqual(new Set(['ACCEPTED']));
  expect(await statuses()).toEqual(new Set(['DUPLICATE']));
  const [tables] = await database.query<{ n: number }>(workspace.id, countTables);
  expect(tables?.n).toBeLessThan(120);
  const [stored] = await database.query(workspace.id, 'select count(*) as n from event');
  expect(stored).toEqual({ n: months.length });
});

it('keeps the events on both sides of each border between tables', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => new Date('2026-06-01T00:00:00Z') });
  const { line, workspace, database } = domain;
  const borders = ['2000-01-01T00:00:00Z', '2001-01-01T00:00:00Z', '2020-01-01T00:00:00Z', '2020-02-01T00:00:00Z'].map(Date.parse);
  const times = [0, ...borders.flatMap((border) => [border - 1, border])].map((time) => new Date(time));
  for (const at of times.toReversed()) expect(await line.accept(workspace, 'store', [order(at)])).toMatchObject([{ status: 'ACCEPTED' }]);
  const found = await database.query<{ at: Date }>(workspace.id, 'select occurred_at as at from event order by occurred_at');
  expect(found.map(({ at }) => at)).toEqual(times);
  const to = sqlParameters(workspace.id, new Date('2000-01-01T00:00:00Z'));
  const rule = { event: 'shop.ordered', within: 'P1D', count: { atLeast: 2 } };
  const text = `select count(*) as n from customer c where c.workspace_id = ${to.workspace} and ${to.now}::timestamptz is not null and ${compileRule(rule, to)}`;
  expect(await database.query(workspace.id, text, to.values)).toEqual([{ n: 1 }]);
});
