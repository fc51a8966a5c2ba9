import { listDeliveries, replayDeliveries } from '@enishi/core';
import type { Outcome } from '@enishi/plugin-sdk';
import { describe, expect, it } from 'vitest';
import { createWorld, delivered, fake, type Send } from '../world.ts';

describe('deliveries of one customer to one destination', () => {
  it('go out in the order planned and never two at once, whoever sends them, while others go on', async () => {
    const seen = new Map<string, string[]>();
    const underWay = new Set<string>();
    let overlaps = 0;
    const send: Send = async (deliveries) => {
      for (const { recipient } of deliveries) if (underWay.has(recipient.id)) overlaps++;
      for (const { recipient } of deliveries) underWay.add(recipient.id);
      await Promise.resolve();
      for (const { recipient, message } of deliveries) {
        underWay.delete(recipient.id);
        seen.set(recipient.id, [...(seen.get(recipient.id) ?? []), message.text]);
      }
      return delivered(deliveries);
    };
    await using world = await createWorld({ 'fake.mail': fake(send, { batchSize: 3, concurrency: 4 }) });
    for (const text of ['1', '2', '3', '4']) await world.program({ key: `p${text}`, message: { text } });
    const people = await Promise.all(Array.from({ length: 12 }, () => world.addPerson()));
    await world.move(people);
    const workers = [world.worker(), world.worker(), world.worker()];
    // One that a claim has just passed over waits for its next turn: at most once for each of the three ahead of it.
    for (let turn = 0; turn < 4; turn++) {
      await Promise.all(workers.map((worker) => worker.settle()));
      world.pass(6);
    }
    expect(overlaps).toBe(0);
    expect(seen.size).toBe(12);
    for (const texts of seen.values()) expect(texts).toEqual(['1', '2', '3', '4']);
  });

  it('wait behind one that is tried again; nobody else does', async () => {
    const seen: string[] = [];
    let answer: Outcome = { status: 'retry', reason: 'busy', afterSeconds: 60 };
    const send: Send = async ([delivery]) => {
      seen.push(`${delivery?.recipient.traits.name} ${delivery?.message.text}`);
      return [delivery?.message.text === 'first' && delivery.recipient.traits.name === 'a' ? answer : { status: 'delivered' }];
    };
    await using world = await createWorld({ 'fake.mail': fake(send) });
    await world.program({ key: 'p1', message: { text: 'first' } });
    await world.program({ key: 'p2', message: { text: 'second' } });
    await world.move([await world.addPerson({ traits: { name: 'a' } }), await world.addPerson({ traits: { name: 'b' } })]);
    const worker = world.worker();
    await worker.settle();
    expect(seen.sort()).toEqual(['a first', 'b first', 'b second']);
    answer = { status: 'delivered' };
    world.pass(61);
    await worker.settle();
    expect(seen.slice(3)).toEqual(['a first', 'a second']);
  });

  it('planned while they were two customers take turns once they are one', async () => {
    let most = 0;
    const underWay = new Set<string>();
    const send: Send = async ([delivery]) => {
      underWay.add(delivery?.id ?? '');
      most = Math.max(most, underWay.size);
      await new Promise((resolve) => setImmediate(resolve));
      underWay.delete(delivery?.id ?? '');
      return [{ status: 'delivered' }];
    };
    await using world = await createWorld({ 'fake.mail': fake(send) });
    await world.program();
    const [absorbed, survivor] = [await world.addPerson(), await world.addPerson()];
    await world.move([absorbed, survivor]);
    await world.query('update identity set customer_id = $3 where workspace_id = $1 and customer_id = $2', absorbed, survivor);
    await world.query('delete from customer where workspace_id = $1 and id = $2', absorbed);
    await world.worker().settle();
    expect(most).toBe(1);
    expect((await listDeliveries(world.database, world.workspace.id, { statuses: ['DELIVERED'] })).deliveries).toHaveLength(2);
  });

  it('that are replayed go behind those planned since', async () => {
    const seen: string[] = [];
    let broken = true;
    const send: Send = async ([delivery]) => {
      if (!broken) seen.push(delivery?.message.text ?? '');
      return [broken ? { status: 'rejected', reason: 'no' } : { status: 'delivered' }];
    };
    await using world = await createWorld({ 'fake.mail': fake(send) });
    await world.program({ message: { text: 'old' } });
    const person = await world.addPerson();
    await world.move([person]);
    const worker = world.worker();
    await worker.settle();
    broken = false;
    await world.program({ message: { text: 'new' } });
    world.pass(1);
    await world.move([person]);
    await replayDeliveries(world.database, world.workspace.id, { now: world.now });
    await worker.settle();
    expect(seen).toEqual(['new', 'old']);
  });
});
