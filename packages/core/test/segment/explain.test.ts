import {
  CustomerNotFound,
  explainMembership,
  type Receipt,
  SegmentNotFound,
  type Submission,
  saveComputedTraits,
  saveSegment,
} from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { loyaltyOf } from '../line/loyalty.ts';
import { shop, today } from '../line/world.ts';

const day = 86_400_000;
const winBack = {
  key: 'win-back',
  name: 'Win back',
  rule: {
    all: [
      { event: 'shop.ordered', sum: { of: 'total', atLeast: 100 } },
      { not: { event: 'shop.ordered', within: 'P30D' } },
      {
        any: [
          { trait: 'shop.rank', is: 'gold' },
          { identity: 'phone' },
          { consent: { purpose: 'marketing', channel: 'email' }, is: 'GIVEN' },
        ],
      },
    ],
  },
};
const order = (daysAgo: number, total: number): Submission => ({
  type: 'shop.ordered',
  at: new Date(today.getTime() - daysAgo * day),
  identifiers: { user: 'hanako' },
  properties: { total },
});
const customerOf = (receipts: readonly Receipt[]): string =>
  receipts.flatMap((one) => (one.status === 'ACCEPTED' ? [one.customerId] : []))[0] ?? '';

it('says of every condition what is true of the customer, where it stands in the rule, and when it may turn', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => today });
  const { line, workspace, database } = domain;
  await saveSegment(line, workspace, winBack);
  const customer = customerOf(
    await line.accept(workspace, 'store', [
      order(50, 80.5),
      order(20, 30),
      { type: 'enishi.identified', identifiers: { user: 'hanako' }, traits: { 'shop.rank': 'gold' } },
    ]),
  );
  const { member, changesAt, clauses } = await explainMembership(database, workspace.id, { segment: 'win-back', customer, now: today });
  const turns = new Date(today.getTime() + 10 * day);
  expect({ member, changesAt }).toEqual({ member: false, changesAt: turns });
  expect(clauses.map(({ path, matches }) => `${path} ${matches}`)).toEqual([
    ' false',
    'all.0 true',
    'all.1 false',
    'all.1.not true',
    'all.2 true',
    'all.2.any.0 true',
    'all.2.any.1 false',
    'all.2.any.2 false',
  ]);
  expect(clauses.map(({ actual }) => actual)).toEqual([
    '',
    expect.stringContaining('2 × shop.ordered, 110.5 in all'),
    '',
    expect.stringContaining('1 × shop.ordered in the window, 2 ever, first'),
    '',
    'shop.rank is "gold"',
    'has no phone',
    'marketing/email is NONE',
  ]);
  expect(clauses[3]?.changesAt).toEqual(turns);
  expect(await explainMembership(database, workspace.id, { segment: 'win-back', customer, now: turns })).toMatchObject({
    member: true,
    changesAt: null,
  });
});

it('answers for a customer that was absorbed as for the one that answers now, and refuses whom and what it does not know', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => today });
  const { line, workspace, database } = domain;
  await saveSegment(line, workspace, winBack);
  const one = customerOf(await line.accept(workspace, 'store', [order(50, 200)]));
  const two = customerOf(await line.accept(workspace, 'store', [{ type: 'enishi.identified', identifiers: { phone: '090-1234-5678' } }]));
  await line.accept(workspace, 'store', [{ type: 'enishi.identified', identifiers: { user: 'hanako', phone: '090-1234-5678' } }]);
  const [first, second] = await Promise.all(
    [one, two].map((customer) => explainMembership(database, workspace.id, { segment: 'win-back', customer, now: today })),
  );
  expect(first).toMatchObject({ member: true });
  expect(second).toEqual(first);
  const nobody = '00000000-0000-8000-a000-000000000000';
  await expect(explainMembership(database, workspace.id, { segment: 'win-back', customer: nobody })).rejects.toThrow(CustomerNotFound);
  await expect(explainMembership(database, workspace.id, { segment: 'nothing', customer: one })).rejects.toThrow(SegmentNotFound);
});

it('knows of a computed trait what it is worth at the time asked about, and when that may turn', async () => {
  await using domain = await createTestDomain({ plugins: [shop({}), loyaltyOf()], now: () => today });
  const { line, workspace, database } = domain;
  await saveComputedTraits(line, workspace);
  await saveSegment(line, workspace, { key: 'lately', name: 'Lately', rule: { trait: 'loyalty.spent20d', atLeast: 50 } });
  const customer = customerOf(await line.accept(workspace, 'store', [order(19, 30), order(5, 80)]));
  const question = { segment: 'lately', customer };
  const later = (days: number): Date => new Date(today.getTime() + days * day);
  expect(await explainMembership(database, workspace.id, { ...question, now: today })).toMatchObject({
    member: true,
    changesAt: later(1),
    clauses: [{ actual: 'loyalty.spent20d is 110' }],
  });
  expect(await explainMembership(database, workspace.id, { ...question, now: later(15) })).toMatchObject({
    member: false,
    changesAt: null,
    clauses: [{ actual: 'loyalty.spent20d is 0' }],
  });
});
