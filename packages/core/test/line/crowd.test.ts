import { assertLink, Line, revokeLink, type Submission } from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asKept, freshWorkspace, fromScratch, histories, send, shop, snapshot, today, withoutIds } from './world.ts';

it('merges the same people for many callers at once without losing or doubling anything', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => today });
  const { workspace, database, registry, line } = domain;
  const other = new Line({ database, registry, now: () => today });
  const knots = 4;
  const seen: Submission[] = Array.from({ length: 160 }, (_, n) => ({
    id: `event-${n}`,
    type: 'shop.ordered',
    identifiers: { anonymous: `device-${n % 40}`, user: `user-${n % knots}` },
    properties: { total: 1 },
  }));
  await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      line.accept(workspace, 'world', [{ type: 'enishi.identified', identifiers: { anonymous: `device-${n}` } }]),
    ),
  );
  const receipts = await Promise.all(seen.map((event, n) => (n % 2 === 0 ? line : other).accept(workspace, 'world', [event])));
  expect(receipts.flat().filter(({ status }) => status !== 'ACCEPTED')).toEqual([]);
  const customers = await snapshot(line, workspace);
  expect(customers).toHaveLength(knots);
  expect(customers.map(({ identities }) => identities.length)).toEqual(Array.from({ length: knots }, () => 11));
  const counted = await database.query(
    workspace.id,
    `select h.customer_id, count(*) as n from event e join identity h on h.id = e.identity_id where e.workspace_id = $1 and e.type = 'shop.ordered' group by 1`,
    [workspace.id],
  );
  expect(counted.map((row) => (row as { n: number }).n)).toEqual(Array.from({ length: knots }, () => 40));
  await other.close();
});

const some = fc.record({
  events: histories({ max: 24 }),
  lines: fc.array(fc.nat(1), { minLength: 24, maxLength: 24 }),
  unlinkAt: fc.nat(23),
});

it('keeps customers and segments true when two processes take the same people in, and one takes links back', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => today });
  const { line, url, database, registry } = domain;
  const other = new Line({ database, registry, now: () => today });
  await fc.assert(
    fc.asyncProperty(some, async ({ events, lines, unlinkAt }) => {
      const workspace = await freshWorkspace(url, line);
      const operator = { by: 'operator', reason: 'same' };
      for (const [n, event] of events.entries()) {
        const [here, there] = lines[n] === 0 ? [line, other] : [other, line];
        await here.accept(workspace, 'world', [event]);
        if (n !== unlinkAt) continue;
        const [a, b] = ['a@shop.example', 'd@shop.example'].map((value) => ({ namespace: 'email', value }));
        if (a === undefined || b === undefined) continue;
        const link = await assertLink(there, workspace, { a, b, ...operator });
        await there.accept(workspace, 'world', [{ ...event, id: `again-${n}` }]);
        await revokeLink(there, workspace, { link: link.id, ...operator });
      }
      expect(await asKept(line, workspace)).toEqual(await fromScratch(line, workspace, { now: today }));
    }),
    { numRuns: 15 },
  );
  await other.close();
}, 120_000);

it('makes the same customers when two processes race for them as when one takes them in', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => today });
  const { line, url, database, registry } = domain;
  const other = new Line({ database, registry, now: () => today });
  await fc.assert(
    fc.asyncProperty(histories({ max: 24 }), async (events) => {
      const [one, two] = [await freshWorkspace(url, line), await freshWorkspace(url, line)];
      await send(line, one, { events, sizes: [events.length] });
      await Promise.all(events.map((event, n) => (n % 2 === 0 ? line : other).accept(two, 'world', [event])));
      expect(withoutIds(await snapshot(line, two))).toEqual(withoutIds(await snapshot(line, one)));
      expect(await asKept(line, two)).toEqual(await fromScratch(line, two, { now: today }));
    }),
    { numRuns: 12 },
  );
  await other.close();
}, 120_000);
