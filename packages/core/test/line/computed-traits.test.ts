import { assertLink, Clock, type Line, revokeLink, saveComputedTraits, saveSegment, type Workspace } from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loyaltyOf, overComputed, valuesAsKept, valuesFromScratch } from './loyalty.ts';
import { asKept, atBoundaries, freshWorkspace, fromScratch, histories, rules, send, shop, today } from './world.ts';

const day = 86_400_000;
const by = { by: 'operator', reason: 'same person' };
const everyRule = { ...rules, ...overComputed };

async function loyaltyWorkspace(url: string, line: Line): Promise<Workspace> {
  const workspace = await freshWorkspace(url, line);
  await saveComputedTraits(line, workspace);
  for (const [key, rule] of Object.entries(overComputed)) await saveSegment(line, workspace, { key, name: key, rule });
  return workspace;
}

/** Both the values and whoever is in a segment because of them are what the events say. */
async function expectTrue(line: Line, workspace: Workspace, now: Date): Promise<void> {
  expect(await valuesAsKept(line, workspace)).toEqual(await valuesFromScratch(line, workspace, now));
  expect(await asKept(line, workspace)).toEqual(await fromScratch(line, workspace, { now, rules: everyRule }));
}

it('keeps every value equal to the same computed from the events, through merges, late events and links taken back, at every boundary of time', async () => {
  let now = today;
  await using domain = await createTestDomain({ plugins: [shop({}), loyaltyOf()], now: () => now });
  const { line, url } = domain;
  const clock = new Clock(line);
  const pair = fc.shuffledSubarray(['a@shop.example', 'b@shop.example', 'c@shop.example'], { minLength: 2, maxLength: 2 });
  const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(histories({ to: -0.5 }), sizes, pair, async (events, pieces, [a = '', b = '']) => {
      now = today;
      const workspace = await loyaltyWorkspace(url, line);
      const half = Math.ceil(events.length / 2);
      await send(line, workspace, { events: events.slice(0, half), sizes: pieces });
      await expectTrue(line, workspace, now);
      const link = await assertLink(line, workspace, { a: { namespace: 'email', value: a }, b: { namespace: 'email', value: b }, ...by });
      await expectTrue(line, workspace, now);
      await send(line, workspace, { events: events.slice(half), sizes: pieces });
      await expectTrue(line, workspace, now);
      await revokeLink(line, workspace, { link: link.id, ...by });
      await expectTrue(line, workspace, now);
      await atBoundaries(line, workspace, {
        most: 10,
        look: async (instant) => {
          now = instant;
          await clock.fire(workspace);
          await expectTrue(line, workspace, now);
        },
      });
    }),
    { numRuns: 12 },
  );
}, 240_000);

it('is right about more events in a window than are remembered, and as each of them leaves it', async () => {
  let now = today;
  await using domain = await createTestDomain({ plugins: [shop({}), loyaltyOf()], now: () => now });
  const { line, workspace } = domain;
  // No segment beside them: one that sums the same window would have the history loaded for both.
  await saveComputedTraits(line, workspace);
  const orders = Array.from({ length: 150 }, (_, n) => ({
    type: 'shop.ordered',
    at: new Date(today.getTime() - n * (day / 10)),
    identifiers: { email: 'hanako@shop.example' },
    properties: { total: 0.1, lines: [{ sku: 'tea' }] },
  }));
  await send(line, workspace, { events: orders, sizes: [40] });
  const [values] = Object.values(await valuesAsKept(line, workspace));
  expect(values).toMatchObject({ 'loyalty.orders20d': 150, 'loyalty.spent20d': 15, 'loyalty.spent': 15 });
  const clock = new Clock(line);
  for (const later of [5.5 * day, 12.05 * day, 20 * day]) {
    now = new Date(today.getTime() + later);
    await clock.fire(workspace);
    expect(await valuesAsKept(line, workspace)).toEqual(await valuesFromScratch(line, workspace, now));
  }
}, 60_000);

it('changes at the very instant an event leaves the window, and whoever stands on it enters and leaves with it', async () => {
  let now = today;
  await using domain = await createTestDomain({ plugins: [shop({}), loyaltyOf()], now: () => now });
  const { line, url } = domain;
  const workspace = await loyaltyWorkspace(url, line);
  const [receipt] = await line.accept(workspace, 'shop', [
    { type: 'shop.ordered', at: today, identifiers: { email: 'hanako@shop.example' }, properties: { total: 80 } },
  ]);
  const spent = async (): Promise<unknown> => {
    const [row] = await line.database.query<{ fact: unknown; member: boolean }>(
      workspace.id,
      `select c.traits -> 'loyalty.spent20d' as fact, s.id = any(c.segments) as member
       from customer c, segment s where c.workspace_id = $1 and s.workspace_id = $1 and s.key = 'spent-50-lately'`,
      [workspace.id],
    );
    return row;
  };
  expect(receipt?.status).toBe('ACCEPTED');
  expect(await spent()).toEqual({ fact: { v: 80, t: today.toISOString(), c: 'shop.ordered' }, member: true });
  const leaves = new Date(today.getTime() + 20 * day);
  const clock = new Clock(line);
  now = new Date(leaves.getTime() - 1);
  await clock.fire(workspace);
  expect(await spent()).toMatchObject({ fact: { v: 80 }, member: true });
  now = leaves;
  await clock.fire(workspace);
  expect(await spent()).toEqual({ fact: { v: 0, t: leaves.toISOString(), c: 'shop.ordered' }, member: false });
  const [told] = await line.database.query(
    workspace.id,
    `select count(*)::int as changes from change where workspace_id = $1 and kind = 'CUSTOMERS' and at = $2`,
    [workspace.id, leaves],
  );
  expect(told).toEqual({ changes: 1 });
});

it('lets nobody report what is computed', async () => {
  await using domain = await createTestDomain({ plugins: [shop({}), loyaltyOf()] });
  const { line, workspace } = domain;
  const identifiers = { email: 'hanako@shop.example' };
  const receipts = await line.accept(workspace, 'crm', [
    { type: 'enishi.identified', identifiers, traits: { 'loyalty.spent': 1_000_000, 'shop.rank': 'gold' } },
    { type: 'enishi.identified', identifiers, traits: [{ trait: 'shop.rank', value: 'gold' }] },
  ]);
  expect(receipts).toMatchObject([
    {
      status: 'QUARANTINED',
      violations: [{ path: 'traits.loyalty.spent', message: 'is computed from "shop.ordered" and cannot be reported' }],
    },
    { status: 'ACCEPTED' },
  ]);
});
