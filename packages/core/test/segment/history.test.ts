import { Clock, Line, type Submission, saveSegment } from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { shop, today } from '../line/world.ts';

const minute = 60_000;
const recent = { key: 'recent', name: 'Recent', rule: { event: 'shop.ordered', within: 'PT10M' } };
const intervals = `select (extract(epoch from m.entered_at - $2) / 60)::int as entered, (extract(epoch from m.left_at - $2) / 60)::int as left, m.left_by as by
  from membership m where m.workspace_id = $1 order by m.entered_at`;
const log = 'select seq, kind, at from change where workspace_id = $1 order by seq';

it('keeps since when until when and why somebody was a member, to the instant', async () => {
  let now = today;
  const later = (minutes: number) => {
    now = new Date(today.getTime() + minutes * minute);
  };
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => now });
  const { line, workspace, database } = domain;
  const clock = new Clock(line);
  const order: Submission = { type: 'shop.ordered', identifiers: { user: 'hanako' }, properties: { total: 1 } };
  await saveSegment(line, workspace, recent);
  await line.accept(workspace, 'store', [order]);
  later(5);
  await line.accept(workspace, 'store', [order]);
  now = new Date(today.getTime() + 15 * minute - 1);
  expect(await clock.fire(workspace)).toBeLessThanOrEqual(1);
  expect(await database.query(workspace.id, intervals, [workspace.id, today])).toEqual([{ entered: 0, left: null, by: null }]);
  later(15);
  expect(await clock.fire(workspace)).toBe(1);
  expect(await clock.fire(workspace)).toBe(0);
  later(20);
  await line.accept(workspace, 'store', [order]);
  later(21);
  await saveSegment(line, workspace, { ...recent, rule: { event: 'shop.ordered', within: 'PT30S' } });
  expect(await database.query(workspace.id, intervals, [workspace.id, today])).toEqual([
    { entered: 0, left: 15, by: 'TIMER' },
    { entered: 20, left: 21, by: 'RULE' },
  ]);
});

it('fires by itself when the instant comes, and not after it is stopped', async () => {
  let now = today;
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => now });
  const { database, registry, workspace } = domain;
  const { promise: left, resolve } = Promise.withResolvers<void>();
  const line = new Line({
    database,
    registry,
    now: () => now,
    onBatch: ({ events, transitions }) => (events === 0 && transitions > 0 ? resolve() : undefined),
  });
  const clock = new Clock(line);
  await saveSegment(line, workspace, recent);
  await line.accept(workspace, 'store', [{ type: 'shop.ordered', identifiers: { user: 'hanako' }, properties: { total: 1 } }]);
  now = new Date(today.getTime() + 10 * minute);
  clock.start();
  await left;
  await clock.stop();
  const [segment] = await database.query(workspace.id, 'select size from segment where workspace_id = $1', [workspace.id]);
  expect(segment).toEqual({ size: 0 });
  await line.close();
});

it('numbers the changes of a workspace without a gap, though many commit at once, and another workspace by itself', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { workspace, database, registry, line } = domain;
  const other = new Line({ database, registry, batchSize: 3, writers: 4 });
  await saveSegment(line, workspace, { key: 'buyers', name: 'Buyers', rule: { event: 'shop.ordered' } });
  const seen = Array.from(
    { length: 120 },
    (_, n): Submission => ({
      type: 'shop.ordered',
      identifiers: { user: `person-${n % 40}`, ...(n % 7 === 0 ? { phone: '090-1234-5678' } : {}) },
      properties: { total: 1 },
    }),
  );
  const heads: number[] = [];
  await Promise.all(
    seen.map(async (event, n) => {
      await (n % 2 === 0 ? line : other).accept(workspace, 'store', [event]);
      const [row] = await database.query<{ head: number; rows: number }>(
        workspace.id,
        'select max(seq) as head, count(*) as rows from change where workspace_id = $1',
        [workspace.id],
      );
      // Commits come in the order of their numbers: whoever looks sees everything up to the highest.
      expect(row?.rows).toBe(row?.head);
      heads.push(row?.head ?? 0);
    }),
  );
  const rows = await database.query<{ seq: number }>(workspace.id, log, [workspace.id]);
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, n) => n + 1));
  const [entered] = await database.query(
    workspace.id,
    `select count(*) filter (where kind = 'ENTERED') - count(*) filter (where kind = 'LEFT') as members, (select size from segment where workspace_id = $1) as size from change where workspace_id = $1`,
    [workspace.id],
  );
  expect(entered).toEqual({ members: 40, size: 40 });
  await other.close();
});
