import {
  archiveSegment,
  type Database,
  finishSegments,
  InvalidRule,
  InvalidSegment,
  Line,
  LineUnavailable,
  listSegments,
  loadSegment,
  Registry,
  SegmentNotFound,
  type Submission,
  saveSegment,
} from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asKept, freshWorkspace, fromScratch, histories, rules, shop, today } from '../line/world.ts';

const order = (n: number, total = 10): Submission => ({
  type: 'shop.ordered',
  identifiers: { user: `person-${n}` },
  properties: { total },
});
const people = (count: number, total?: number) => Array.from({ length: count }, (_, n) => order(n, total));
const big = (atLeast: number) => ({ key: 'big', name: 'Big spenders', rule: { event: 'shop.ordered', sum: { of: 'total', atLeast } } });
const intervals = `select m.customer_id as customer, m.entered_at as entered, m.left_at as left from membership m join segment s on s.id = m.segment_id
  where m.workspace_id = $1 and s.key = $2 order by m.entered_at, m.customer_id`;

describe('a segment', () => {
  it('holds those who matched before it was made, and is live when it answers', async () => {
    await using domain = await createTestDomain({ plugins: [shop({})] });
    const { line, workspace } = domain;
    await line.accept(workspace, 'store', [...people(30), ...people(12)]);
    expect(await saveSegment(line, workspace, big(20))).toMatchObject({ key: 'big', version: 1, status: 'LIVE', size: 12 });
  });

  it('moves its members when its rule changes, and keeps its version when only its name does', async () => {
    await using domain = await createTestDomain({ plugins: [shop({})] });
    const { line, workspace, database } = domain;
    await line.accept(workspace, 'store', [...people(30), ...people(12), ...people(5)]);
    await saveSegment(line, workspace, big(20));
    expect(await saveSegment(line, workspace, { ...big(20), name: 'Loyal' })).toMatchObject({ name: 'Loyal', version: 1, size: 12 });
    expect(await saveSegment(line, workspace, big(30))).toMatchObject({ version: 2, status: 'LIVE', size: 5 });
    expect(await saveSegment(line, workspace, big(10))).toMatchObject({ version: 3, size: 30 });
    const causes = await database.query(
      workspace.id,
      `select kind, cause ->> 'kind' as cause, count(*) as n from change where workspace_id = $1 and kind in ('ENTERED', 'LEFT') group by 1, 2 order by 1`,
      [workspace.id],
    );
    expect(causes).toEqual([
      { kind: 'ENTERED', cause: 'RULE', n: 12 + 25 },
      { kind: 'LEFT', cause: 'RULE', n: 7 },
    ]);
  });

  it('is empty once archived, keeps its history, and fills again when it is saved again', async () => {
    let now = today;
    await using domain = await createTestDomain({ plugins: [shop({})], now: () => now });
    const { line, workspace, database } = domain;
    await line.accept(workspace, 'store', people(4));
    await saveSegment(line, workspace, big(10));
    now = new Date(today.getTime() + 60_000);
    await archiveSegment(line, workspace, 'big');
    expect(await listSegments(database, workspace.id)).toEqual([]);
    await expect(loadSegment(database, workspace.id, 'big')).rejects.toThrow(SegmentNotFound);
    await expect(archiveSegment(line, workspace, 'big')).rejects.toThrow(SegmentNotFound);
    await line.accept(workspace, 'store', [order(99)]);
    expect(await database.query(workspace.id, intervals, [workspace.id, 'big'])).toEqual(
      Array.from({ length: 4 }, () => ({ customer: expect.any(String), entered: today, left: now })),
    );
    expect(await saveSegment(line, workspace, big(10))).toMatchObject({ version: 2, status: 'LIVE', size: 5 });
  });

  it.each([
    ['no rule', { ...big(1), rule: {} }, InvalidRule],
    ['a key with a blank', { ...big(1), key: 'big spenders' }, InvalidSegment],
    ['an empty name', { ...big(1), name: ' ' }, InvalidSegment],
  ])('is not made of %s', async (_what, input, error) => {
    await using domain = await createTestDomain();
    await expect(saveSegment(domain.line, domain.workspace, input)).rejects.toThrow(error);
    expect(await listSegments(domain.database, domain.workspace.id)).toEqual([]);
  });
});

it('blames the new rule, not the event that came first after it, for whoever the rule moves', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { line, workspace, database } = domain;
  await line.accept(workspace, 'store', people(40));
  const saving = saveSegment(line, workspace, big(10));
  const looking = Array.from({ length: 40 }, (_, n) =>
    line.accept(workspace, 'web', [{ type: 'enishi.page_viewed', identifiers: { user: `person-${n}` } }]),
  );
  await Promise.all([saving, ...looking]);
  const causes = await database.query(
    workspace.id,
    `select distinct cause ->> 'kind' as cause from change where workspace_id = $1 and kind = 'ENTERED'`,
    [workspace.id],
  );
  expect(causes).toEqual([{ cause: 'RULE' }]);
});

/** A process that is stopped as soon as it has asked the first page of customers. */
function stoppedMidway(database: Database): Line {
  const line = new Line({
    database,
    registry: new Registry([shop({})]),
    onBatch: ({ events }) => {
      if (events === 0) void line.close();
    },
  });
  return line;
}

it('is finished by the processes that start next, where the one that made it was stopped on the way', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})] });
  const { line, workspace, database } = domain;
  await line.accept(workspace, 'store', people(1500));
  await expect(saveSegment(stoppedMidway(database), workspace, big(10))).rejects.toThrow(LineUnavailable);
  expect(await loadSegment(database, workspace.id, 'big')).toMatchObject({ status: 'BUILDING', size: 1000 });
  await Promise.all([finishSegments(line, workspace), finishSegments(line, workspace)]);
  expect(await loadSegment(database, workspace.id, 'big')).toMatchObject({ status: 'LIVE', size: 1500 });
  expect(await database.query(workspace.id, intervals, [workspace.id, 'big'])).toHaveLength(1500);
});

it('ends true when segments are made, changed and archived while events stream in', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => today });
  const { line, url } = domain;
  const keys = Object.keys(rules);
  const edits = fc.array(fc.tuple(fc.constantFrom('one', 'two', 'three'), fc.option(fc.constantFrom(...keys), { freq: 4 })), {
    minLength: 2,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(histories({ max: 24 }), edits, async (events, some) => {
      const workspace = await freshWorkspace(url, line);
      const current: Record<string, (typeof rules)[string]> = { ...rules };
      const streaming = Promise.all(events.map((event) => line.accept(workspace, 'world', [event])));
      for (const [key, from] of some) {
        const rule = from === null ? undefined : rules[from];
        if (rule !== undefined) {
          await saveSegment(line, workspace, { key, name: key, rule });
          current[key] = rule;
        } else if (key in current) {
          await archiveSegment(line, workspace, key);
          delete current[key];
        }
      }
      await streaming;
      const kept = await asKept(line, workspace);
      for (const [key, members] of Object.entries(await fromScratch(line, workspace, { now: today, rules: current }))) {
        expect({ key, members: kept[key] }).toEqual({ key, members });
      }
    }),
    { numRuns: 10 },
  );
}, 120_000);
