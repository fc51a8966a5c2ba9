import { assertLink, Clock, Line, revokeLink, type Submission, saveComputedTraits, saveSegment } from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loyaltyOf, valuesAsKept, valuesFromScratch } from './loyalty.ts';
import { asKept, atBoundaries, freshWorkspace, fromScratch, histories, send, shop, today } from './world.ts';

const day = 86_400_000;
const wanted = {
  'spent-900-in-60-days': { event: 'shop.ordered', within: 'P60D', sum: { of: 'total', atLeast: 900 } },
  'a-thousand-in-60-days': { event: 'shop.ordered', within: 'P60D', count: { atLeast: 1000 } },
  'three-in-60-days': { event: 'shop.ordered', within: 'P60D', count: { atLeast: 3 } },
  'at-most-two-in-60-days': { event: 'shop.ordered', within: 'P60D', count: { atMost: 2 } },
  'most-in-may': { event: 'shop.ordered', within: { from: '2026-05-01T00:00:00Z', to: '2026-06-01T00:00:00Z' }, count: { atLeast: 500 } },
  quiet: { event: 'shop.ordered', last: { olderThan: 'P3D' } },
};
const order = (user: string, msAgo: number): Submission => ({
  type: 'shop.ordered',
  at: new Date(today.getTime() - msAgo),
  identifiers: { user },
  properties: { total: 1 },
});

it('is right about a customer of a thousand events, about late ones, and about two such customers who are one', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => today });
  const { line, workspace } = domain;
  for (const [key, rule] of Object.entries(wanted)) await saveSegment(line, workspace, { key, name: key, rule });
  const check = async (): Promise<Record<string, number>> => {
    const kept = await asKept(line, workspace);
    expect(kept).toEqual(await fromScratch(line, workspace, { now: today, rules: wanted }));
    return Object.fromEntries(Object.entries(kept).map(([key, members]) => [key, members.length]));
  };
  const step = (50 * day) / 999;
  const thousand = Array.from({ length: 999 }, (_, n) => order('hanako', n * step));
  for (let start = 0; start < 999; start += 333) await line.accept(workspace, 'store', thousand.slice(start, start + 333));
  expect(await check()).toMatchObject({ 'spent-900-in-60-days': 1, 'a-thousand-in-60-days': 0, 'most-in-may': 1 });
  await line.accept(workspace, 'store', [order('hanako', 90 * day)]);
  expect(await check()).toMatchObject({ 'spent-900-in-60-days': 1, 'a-thousand-in-60-days': 0 });
  await line.accept(workspace, 'store', [order('hanako', 55 * day)]);
  expect(await check()).toMatchObject({ 'a-thousand-in-60-days': 1 });
  await line.accept(workspace, 'store', [order('taro', day), order('taro', 2 * day)]);
  expect(await check()).toMatchObject({ 'at-most-two-in-60-days': 1 });
  const [a, b] = [
    { namespace: 'user', value: 'hanako' },
    { namespace: 'email', value: 'taro@shop.example' },
  ];
  await line.accept(workspace, 'store', [{ type: 'enishi.identified', identifiers: { user: 'taro', email: b.value } }]);
  const phones = ['090-1234-5678', '090-1234-5679'];
  await line.accept(
    workspace,
    'store',
    phones.map((phone) => ({ ...order('saburo', 5 * day), identifiers: { phone } })),
  );
  const link = await assertLink(line, workspace, { a, b: { namespace: 'phone', value: phones[0] ?? '' }, by: 'operator', reason: 'same' });
  expect(link.status).toBe('LIVE');
  await check();
  await revokeLink(line, workspace, { link: link.id, by: 'operator', reason: 'not the same' });
  expect(await check()).toMatchObject({ 'at-most-two-in-60-days': 3, quiet: 2 });
}, 60_000);

it('reads on where one condition asks for a longer window than the one before it', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => today });
  const { line, workspace } = domain;
  const steady = {
    all: [
      { event: 'shop.ordered', within: 'P10D', sum: { of: 'total', atLeast: 70 } },
      { event: 'shop.ordered', within: 'P20D', sum: { of: 'total', equals: 73 } },
    ],
  };
  await saveSegment(line, workspace, { key: 'steady', name: 'Steady', rule: steady });
  const byPhone = { ...order('hanako', 25 * day), identifiers: { phone: '090-1234-5678' } };
  const both = { type: 'enishi.identified', identifiers: { user: 'hanako', phone: '090-1234-5678' } };
  const lately = Array.from({ length: 69 }, (_, n) => order('hanako', (n + 1) * (day / 10)));
  const earlier = [11, 12, 13].map((days) => order('hanako', days * day));
  await line.accept(workspace, 'store', [byPhone, both, ...lately, ...earlier]);
  await line.accept(workspace, 'store', [order('hanako', 0)]);
  expect(Object.values(await asKept(line, workspace))).toEqual([[expect.any(String)]]);
});

it('keeps every segment and every value true of people with more events than are remembered, as one window after another moves on', async () => {
  let now = today;
  await using domain = await createTestDomain({ plugins: [shop({}), loyaltyOf()], now: () => now });
  const { line, url } = domain;
  const clock = new Clock(line);
  await fc.assert(
    fc.asyncProperty(histories({ from: 30, to: 0.5, min: 250, max: 300 }), async (events) => {
      now = today;
      const workspace = await freshWorkspace(url, line);
      await saveComputedTraits(line, workspace);
      const expectTrue = async (): Promise<void> => {
        expect(await valuesAsKept(line, workspace)).toEqual(await valuesFromScratch(line, workspace, now));
        expect(await asKept(line, workspace)).toEqual(await fromScratch(line, workspace, { now }));
      };
      await send(line, workspace, { events, sizes: [40] });
      await expectTrue();
      await atBoundaries(line, workspace, {
        most: 8,
        look: async (instant) => {
          now = instant;
          await clock.fire(workspace);
          await expectTrue();
        },
      });
    }),
    { numRuns: 6 },
  );
}, 180_000);

it('lets no amount beyond all amounts hide what a customer has really spent, whoever adds it up', async () => {
  await using domain = await createTestDomain({ plugins: [shop({}), loyaltyOf()], now: () => today });
  const { line, workspace, database, registry } = domain;
  const mistyped = { ...order('hanako', 3 * day), properties: { total: 1e303 } };
  const ever = { 'spent-2-ever': { event: 'shop.ordered', sum: { of: 'total', equals: 2 } } };
  await saveComputedTraits(line, workspace);
  for (const [key, rule] of Object.entries(ever)) await saveSegment(line, workspace, { key, name: key, rule });
  await line.accept(workspace, 'store', [order('hanako', 2 * day), mistyped]);
  const another = new Line({ database, registry, now: () => today });
  await another.accept(workspace, 'store', [order('hanako', day)]);
  const [values] = Object.values(await valuesAsKept(line, workspace));
  expect(values).toMatchObject({ 'loyalty.orders': 3, 'loyalty.spent': 2, 'loyalty.spent20d': 2 });
  const kept = await asKept(line, workspace);
  expect(kept).toEqual(await fromScratch(line, workspace, { now: today, rules: ever }));
  expect(kept['spent-2-ever']).toHaveLength(1);
  await another.close();
});
