import { listDeliveries, loadDelivery } from '@enishi/core';
import type { Delivery } from '@enishi/plugin-sdk';
import { describe, expect, it } from 'vitest';
import { createWorld, delivered, fake, gate } from '../world.ts';

const statusesOf = async (world: Awaited<ReturnType<typeof createWorld>>) => {
  const { deliveries } = await listDeliveries(world.database, world.workspace.id);
  return deliveries.map(({ destination, status, attempts, reason }) => ({ destination, status, attempts, reason }));
};

describe('a delivery', () => {
  it('reaches its destination once, with what the destination may know of the customer', async () => {
    const seen: Delivery[] = [];
    const send = fake(async (deliveries) => {
      seen.push(...deliveries);
      return deliveries.map(({ id }) => ({ status: 'delivered', reference: `ref-${id}` }));
    });
    await using world = await createWorld({ 'fake.mail': send });
    await world.program();
    const person = await world.addPerson({ email: 'hanako@example.jp', traits: { firstName: '花子' } });
    await world.move([person]);
    await world.worker().settle();
    await world.worker().settle();
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      workspace: 'main',
      recipient: { id: person, identifiers: { email: ['hanako@example.jp'] }, traits: { firstName: '花子' } },
      message: { text: 'ようこそ', greeting: 'hello' },
      cause: { segment: 'regulars', change: 'ENTERED' },
      attempt: 1,
    });
    const { id = '', ...record } = (await listDeliveries(world.database, world.workspace.id)).deliveries[0] ?? {};
    expect(record).toMatchObject({
      status: 'DELIVERED',
      program: 'welcome',
      customerId: person,
      cause: { kind: 'EVENT' },
      reference: `ref-${id}`,
    });
    expect((await loadDelivery(world.database, world.workspace.id, id)).attempted).toMatchObject([{ attempt: 1, outcome: 'delivered' }]);
  });

  it('goes to the customer its own was merged into', async () => {
    const seen: string[] = [];
    const send = fake(async (deliveries) => {
      seen.push(...deliveries.map(({ recipient }) => recipient.id));
      return delivered(deliveries);
    });
    await using world = await createWorld({ 'fake.mail': send });
    await world.program();
    const [absorbed, survivor] = [await world.addPerson(), await world.addPerson()];
    await world.move([absorbed]);
    await world.query('update identity set customer_id = $3 where workspace_id = $1 and customer_id = $2', absorbed, survivor);
    await world.query('delete from customer where workspace_id = $1 and id = $2', absorbed);
    await world.worker().settle();
    expect(seen).toEqual([survivor]);
    const { deliveries } = await listDeliveries(world.database, world.workspace.id, { customerId: survivor });
    expect(deliveries).toMatchObject([{ customerId: survivor, status: 'DELIVERED' }]);
  });

  it('for somebody who is gone is never sent', async () => {
    await using world = await createWorld({ 'fake.mail': fake(delivered) });
    await world.program();
    const person = await world.addPerson();
    await world.move([person]);
    await world.query('delete from identity where workspace_id = $1 and customer_id = $2', person);
    await world.query('delete from customer where workspace_id = $1 and id = $2', person);
    await world.worker().settle();
    expect(await statusesOf(world)).toMatchObject([{ status: 'SUPPRESSED', attempts: 0, reason: 'the customer is gone' }]);
  });

  it('keeps the message it was planned with when the program changes', async () => {
    const seen: unknown[] = [];
    let busy = true;
    const send = fake(async (deliveries) => {
      seen.push(...deliveries.map(({ message }) => message.text));
      return deliveries.map(() => (busy ? { status: 'retry', reason: 'busy', afterSeconds: 5 } : { status: 'delivered' }));
    });
    await using world = await createWorld({ 'fake.mail': send });
    await world.program();
    await world.move([await world.addPerson()]);
    const worker = world.worker();
    await worker.settle();
    await world.program({ message: { text: 'something else' } });
    busy = false;
    world.pass(5);
    await worker.settle();
    expect(seen).toEqual(['ようこそ', 'ようこそ']);
  });

  it('is dead with a reason when the destination no longer takes its message', async () => {
    await using world = await createWorld({ 'fake.mail': fake(delivered) });
    await world.program();
    await world.move([await world.addPerson()]);
    await world.query(`update program_version set message = '{"body":1}' where workspace_id = $1`);
    await world.worker().settle();
    expect(await statusesOf(world)).toMatchObject([{ status: 'DEAD', reason: expect.stringContaining('message.text') }]);
  });
});

describe('a worker', () => {
  it('wakes when something is planned, without being asked', async () => {
    const { reached, passed } = gate();
    const send = fake(async (deliveries) => {
      reached();
      return delivered(deliveries);
    });
    await using world = await createWorld({ 'fake.mail': send });
    await world.program();
    await world.worker().start();
    await world.move([await world.addPerson()]);
    await passed;
  });

  it('wakes by itself when a retry falls due', async () => {
    const { reached, passed } = gate(3);
    const send = fake(async (deliveries) => {
      reached();
      return deliveries.map(() => ({ status: 'retry', reason: 'busy', afterSeconds: 0.02 }));
    });
    await using world = await createWorld({ 'fake.mail': send });
    await world.program();
    await world.move([await world.addPerson()]);
    await world.worker({ now: () => new Date() }).start();
    await passed;
  });

  it('finishes the calls under way before it stops', async () => {
    const started = gate();
    const answer = Promise.withResolvers<void>();
    const send = fake(async (deliveries) => {
      started.reached();
      await answer.promise;
      return delivered(deliveries);
    });
    await using world = await createWorld({ 'fake.mail': send });
    await world.program();
    await world.move([await world.addPerson()]);
    const worker = world.worker();
    await worker.start();
    await started.passed;
    const stopped = worker.stop();
    answer.resolve();
    await stopped;
    expect(await statusesOf(world)).toMatchObject([{ status: 'DELIVERED' }]);
  });

  it('sends more than fits one claim, never more calls at once than the destination allows', async () => {
    let [calls, most, largest] = [0, 0, 0];
    const seen = new Set<string>();
    const send = fake(
      async (deliveries) => {
        most = Math.max(most, ++calls);
        largest = Math.max(largest, deliveries.length);
        for (const { id } of deliveries) seen.add(id);
        await Promise.resolve();
        calls--;
        return delivered(deliveries);
      },
      { batchSize: 3, concurrency: 2 },
    );
    await using world = await createWorld({ 'fake.mail': send });
    await world.program();
    const people = await Promise.all(Array.from({ length: 40 }, () => world.addPerson()));
    await world.move(people);
    await Promise.all([world.worker().settle(), world.worker().settle()]);
    expect(seen.size).toBe(40);
    expect(largest).toBe(3);
    expect(most).toBeLessThanOrEqual(4);
  });
});
