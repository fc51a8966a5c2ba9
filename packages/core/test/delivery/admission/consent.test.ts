import { listDeliveries, type Sql } from '@enishi/core';
import { describe, expect, it } from 'vitest';
import { createWorld, fake, gate } from '../world.ts';

/** A world with deliveries planned for this many people who agreed, and everyone who was written to. */
async function planned(count: number) {
  const sent: string[] = [];
  const send = fake(
    async (deliveries) => {
      sent.push(...deliveries.map(({ recipient }) => recipient.id));
      // Every third call fails, so that retries are under way as well.
      return deliveries.map(({ attempt }, index) =>
        attempt === 1 && (sent.length + index) % 3 === 0 ? { status: 'retry', reason: 'busy', afterSeconds: 0 } : { status: 'delivered' },
      );
    },
    { batchSize: 2, concurrency: 3 },
  );
  const world = await createWorld({ 'fake.mail': send });
  await world.program();
  const people = await Promise.all(Array.from({ length: count }, () => world.addPerson()));
  await world.move(people);
  return Object.assign(world, { people, sent });
}

type Planned = Awaited<ReturnType<typeof planned>>;

const withdrawn = JSON.stringify({ 'marketing/email': { state: 'WITHDRAWN' } });

/** Withdraws as the line does, and answers whether the delivery was still unclaimed while the customer was locked. */
async function withdraw(sql: Sql, { workspace }: Planned, person: string): Promise<boolean> {
  await sql('select from customer where workspace_id = $1 and id = $2 for no key update', [workspace.id, person]);
  const [{ status } = { status: '' }] = await sql<{ status: string }>(
    'select status from delivery where workspace_id = $1 and customer_id = $2',
    [workspace.id, person],
  );
  await sql('update customer set consents = $3 where workspace_id = $1 and id = $2', [workspace.id, person, withdrawn]);
  return status === 'PENDING';
}

const suppressed = { status: 'SUPPRESSED', reason: 'consent withdrawn: marketing/email' };

describe('a withdrawal', () => {
  it('between planning and sending wins: nothing is sent', async () => {
    await using world = await planned(5);
    for (const person of world.people) await world.decide(person, { 'marketing/*': 'WITHDRAWN' });
    await world.worker().settle();
    expect(world.sent).toEqual([]);
    const { deliveries } = await listDeliveries(world.database, world.workspace.id);
    expect(deliveries).toHaveLength(5);
    for (const delivery of deliveries)
      expect(delivery).toMatchObject({ status: 'SUPPRESSED', reason: 'consent withdrawn: marketing/*', attempts: 0 });
  });

  it('that is being written while the delivery is due wins, and holds up nobody else', async () => {
    await using world = await planned(2);
    const [leaving = '', staying] = world.people;
    await world.database.transaction(world.workspace.id, async (sql) => {
      await withdraw(sql, world, leaving);
      await world.worker().settle();
      expect(world.sent).toEqual([staying]);
    });
    world.pass(1);
    await world.worker().settle();
    expect(world.sent).toEqual([staying]);
    expect((await listDeliveries(world.database, world.workspace.id, { customerId: leaving })).deliveries).toMatchObject([suppressed]);
  });

  it('between two attempts ends the retries', async () => {
    const send = fake(async (deliveries) => deliveries.map(() => ({ status: 'retry', reason: 'busy' })));
    await using world = await createWorld({ 'fake.mail': send });
    await world.program();
    const person = await world.addPerson();
    await world.move([person]);
    await world.worker().settle();
    await world.decide(person, { 'marketing/email': 'WITHDRAWN' });
    world.pass(3600);
    await world.worker().settle();
    expect((await listDeliveries(world.database, world.workspace.id)).deliveries).toMatchObject([{ ...suppressed, attempts: 1 }]);
  });

  it('that has committed is followed by no call, however many workers have calls under way', async () => {
    const { reached, passed } = gate();
    const started: { readonly person: string; readonly at: number }[] = [];
    const send = fake(
      async (deliveries) => {
        reached();
        started.push(...deliveries.map(({ recipient }) => ({ person: recipient.id, at: performance.now() })));
        await new Promise((resolve) => setImmediate(resolve));
        return deliveries.map(({ attempt }) =>
          attempt < 3 ? { status: 'retry', reason: 'again', afterSeconds: 0 } : { status: 'delivered' },
        );
      },
      { batchSize: 2, concurrency: 3 },
    );
    await using world = await createWorld({ 'fake.mail': send });
    await world.program();
    const people = await Promise.all(Array.from({ length: 120 }, () => world.addPerson()));
    await world.move(people);
    const never = { breaker: { failures: Number.POSITIVE_INFINITY }, now: () => new Date() };
    const workers = [world.worker(never), world.worker(never), world.worker(never)];
    const committed = new Map<string, number>();
    const withdrawals = (async () => {
      await passed;
      for (const person of people) {
        await world.decide(person, { 'marketing/email': 'WITHDRAWN' });
        committed.set(person, performance.now());
      }
    })();
    await Promise.all([withdrawals, ...workers.map((worker) => worker.start())]);
    await drained(world, workers);
    expect(started.length).toBeGreaterThan(0);
    expect(started.filter(({ person, at }) => at > (committed.get(person) ?? 0))).toEqual([]);
  });

  it('is never overtaken: what was unclaimed when it took hold is never sent', async () => {
    await using world = await planned(150);
    const before = new Map<string, number>();
    const workers = [world.worker({ now: () => new Date() }), world.worker({ now: () => new Date() })];
    const leaving = world.people.filter((_, index) => index % 2 === 0);
    const withdrawals = (async () => {
      for (const person of leaving) {
        const calls = await world.database.transaction(world.workspace.id, async (sql) => {
          const unclaimed = await withdraw(sql, world, person);
          return unclaimed ? world.sent.filter((id) => id === person).length : undefined;
        });
        if (calls !== undefined) before.set(person, calls);
      }
    })();
    await Promise.all([withdrawals, ...workers.map((worker) => worker.start())]);
    await drained(world, workers);
    for (const [person, calls] of before) expect(world.sent.filter((id) => id === person)).toHaveLength(calls);
    const { deliveries } = await listDeliveries(world.database, world.workspace.id, { first: 1000 });
    const ended = new Map(deliveries.map(({ customerId, status }) => [customerId, status]));
    for (const person of before.keys()) expect(ended.get(person)).toBe('SUPPRESSED');
    for (const person of world.people) expect(ended.get(person)).toMatch(before.has(person) ? 'SUPPRESSED' : /DELIVERED|SUPPRESSED/);
  });
});

/** Those passed over come due again within moments: settles until every delivery has ended. */
async function drained(world: Pick<Planned, 'database' | 'workspace'>, workers: readonly { settle: () => Promise<void> }[]): Promise<void> {
  for (;;) {
    await Promise.all(workers.map((worker) => worker.settle()));
    const { deliveries } = await listDeliveries(world.database, world.workspace.id, { statuses: ['PENDING', 'SENDING'], first: 1 });
    if (deliveries.length === 0) return;
  }
}
