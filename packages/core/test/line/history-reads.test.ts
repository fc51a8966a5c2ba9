import { assertLink, Clock, type Database, Line, revokeLink, type Submission, saveComputedTraits, saveSegment } from '@enishi/core';
import { createTestDomain } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { computedTraits, loyaltyOf, valuesAsKept, valuesFromScratch } from './loyalty.ts';
import { asKept, fromScratch, shop, today } from './world.ts';

const day = 86_400_000;
const inWindow = 100;
const before = 2000;
const spent20d = computedTraits.filter(({ traitName }) => traitName === 'loyalty.spent20d');
const rules = { 'spent-100-in-20-days': { event: 'shop.ordered', within: 'P20D', sum: { of: 'total', atLeast: 100 } } };

const order = (daysAgo: number, lines: readonly object[] = []): Submission => ({
  type: 'shop.ordered',
  at: new Date(today.getTime() - daysAgo * day),
  identifiers: { user: 'hanako' },
  properties: { total: 1, lines },
});
/** A hundred orders within the last ten days, two thousand within the two hundred days before the last fifty. */
const manyOrders: readonly Submission[] = [
  ...Array.from({ length: before }, (_, n) => order(50 + n / 10, [{ sku: 'tea'.repeat(100) }])),
  ...Array.from({ length: inWindow }, (_, n) => order(0.1 + n / 10, [{ sku: 'tea'.repeat(100) }])),
];

/** What a database answers about events: how many, how much of them, and how many were ever held at once. */
class Meter {
  events = 0;
  characters = 0;
  atOnce = 0;

  /** The same database under this meter. */
  on(database: Database): Database {
    const transaction: Database['transaction'] = (workspaceId, work, begin) =>
      database.transaction(
        workspaceId,
        (sql) => {
          const metered = async <TRow>(...call: Parameters<typeof sql>): Promise<TRow[]> => this.#note(await sql<TRow>(...call));
          const each: typeof sql.each = (query, values, take) =>
            sql.each(query, values, (row: Parameters<typeof take>[0]) => {
              this.#note([row]);
              take(row);
            });
          return work(Object.assign(metered, { send: sql.send, each }));
        },
        begin,
      );
    return new Proxy(database, {
      get: (whole, name) => {
        if (name === 'transaction') return transaction;
        const value: unknown = Reflect.get(whole, name);
        return typeof value === 'function' ? value.bind(whole) : value;
      },
    });
  }

  reset(): void {
    this.events = 0;
    this.characters = 0;
    this.atOnce = 0;
  }

  #note<TRow>(rows: TRow[]): TRow[] {
    const events = rows.filter((row) => typeof row === 'object' && row !== null && 'occurred_at' in row);
    this.events += events.length;
    this.characters += JSON.stringify(events).length;
    this.atOnce = Math.max(this.atOnce, events.length);
    return rows;
  }
}

async function busyWorld(now: () => Date) {
  const domain = await createTestDomain({ plugins: [shop({}), loyaltyOf(spent20d)], now });
  const { workspace, registry } = domain;
  const meter = new Meter();
  const line = new Line({ database: meter.on(domain.database), registry, now });
  await saveComputedTraits(line, workspace);
  for (const [key, rule] of Object.entries(rules)) await saveSegment(line, workspace, { key, name: key, rule });
  for (let start = 0; start < manyOrders.length; start += 500) await line.accept(workspace, 'store', manyOrders.slice(start, start + 500));
  meter.reset();
  const expectTrue = async (): Promise<void> => {
    const [[kept] = [], [scratch] = []] = [await valuesAsKept(line, workspace), await valuesFromScratch(line, workspace, now())].map(
      (all) => Object.values(all),
    );
    expect(kept?.['loyalty.spent20d']).toBe(scratch?.['loyalty.spent20d']);
    expect(await asKept(line, workspace)).toEqual(await fromScratch(line, workspace, { now: now(), rules }));
  };
  return { domain, line, workspace, meter, expectTrue };
}

it('reads of a busy customer only what lies in the windows, and of that only what is summed', async () => {
  let now = today;
  const { domain, line, workspace, meter, expectTrue } = await busyWorld(() => now);
  await using _ = domain;
  await line.accept(workspace, 'store', [order(0)]);
  await expectTrue();
  // The window's, the new one, and the newest before the window, which says since when the value is what it is.
  expect(meter.events).toBe(inWindow + 2);
  expect(meter.characters).toBeLessThan(meter.events * 150);

  meter.reset();
  now = new Date(today.getTime() + 10.1 * day);
  await new Clock(line).fire(workspace);
  await expectTrue();
  expect(meter.events).toBeLessThanOrEqual(inWindow + 2);
  const [fact] = await line.database.query(
    workspace.id,
    `select traits -> 'loyalty.spent20d' as fact from customer where workspace_id = $1`,
    [workspace.id],
  );
  expect(fact).toEqual({ fact: { v: 99, t: now.toISOString(), c: 'shop.ordered' } });
});

it('counts the whole history of a busy customer, tied to another and torn from it, without ever holding it', async () => {
  const { domain, line, workspace, meter, expectTrue } = await busyWorld(() => today);
  await using _ = domain;
  const phone = '090-1234-5678';
  await line.accept(workspace, 'store', [{ ...order(3), identifiers: { phone } }]);
  meter.reset();
  const [a, b] = [
    { namespace: 'user', value: 'hanako' },
    { namespace: 'phone', value: phone },
  ];
  const link = await assertLink(line, workspace, { a, b, by: 'operator', reason: 'same person' });
  await expectTrue();
  expect(meter.events).toBeGreaterThanOrEqual(before + inWindow + 1);
  expect(meter.atOnce).toBeLessThan(10);
  await revokeLink(line, workspace, { link: link.id, by: 'operator', reason: 'not the same' });
  await expectTrue();
});
