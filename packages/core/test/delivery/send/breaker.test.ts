import { listDeliveries } from '@enishi/core';
import { ComeBackLater, GiveUp } from '@enishi/plugin-sdk';
import { describe, expect, it } from 'vitest';
import { Breaker } from '../../../src/delivery/send/breaker.ts';
import { createWorld, fake, type Send } from '../world.ts';

const at = (seconds: number): Date => new Date(seconds * 1000);
const failed = { failed: true };

describe('a circuit', () => {
  it('opens after failures in a row, lets one call try, closes when that succeeds and rests longer each time it fails', () => {
    const breaker = new Breaker({ failures: 3, sample: 20, restSeconds: 10, longestRestSeconds: 15 });
    breaker.ended(failed, at(0));
    breaker.ended({ failed: false }, at(0));
    for (let call = 0; call < 2; call++) breaker.ended(failed, at(0));
    expect(breaker.permits(at(0))).toBe(Number.POSITIVE_INFINITY);
    breaker.ended(failed, at(0));
    expect([breaker.permits(at(9)), breaker.restUntil(at(9))]).toEqual([0, at(10)]);
    expect(breaker.permits(at(10))).toBe(1);
    breaker.began();
    expect(breaker.permits(at(10))).toBe(0);
    breaker.ended(failed, at(11));
    expect(breaker.restUntil(at(11))).toEqual(at(26));
    breaker.began();
    breaker.ended({ failed: false }, at(27));
    expect(breaker.permits(at(27))).toBe(Number.POSITIVE_INFINITY);
  });

  it('opens where every other call fails, and not where one in three does', () => {
    const policy = { failures: 5, sample: 6, restSeconds: 10, longestRestSeconds: 60 };
    const results = (pattern: string): Breaker => {
      const breaker = new Breaker(policy);
      for (const sign of pattern) breaker.ended({ failed: sign === 'x' }, at(0));
      return breaker;
    };
    expect(results('.x.x.').restUntil(at(0))).toBeUndefined();
    expect(results('.x.x.x').restUntil(at(0))).toEqual(at(10));
    expect(results('..x..x..x..x..x').restUntil(at(0))).toBeUndefined();
  });
});

describe('a circuit that is told for how long', () => {
  const policy = { failures: 2, sample: 20, restSeconds: 10, longestRestSeconds: 60 };

  it('rests as long where that was said for the whole of a call, and at most its longest where it was said for one delivery', () => {
    const [whole, single] = [new Breaker(policy), new Breaker(policy)];
    whole.ended({ failed: true, askedSeconds: 3600, forAll: true }, at(0));
    expect(whole.restUntil(at(0))).toEqual(at(3600));
    for (let call = 0; call < 2; call++) single.ended({ failed: true, askedSeconds: 3600 }, at(0));
    expect(single.restUntil(at(0))).toEqual(at(60));
  });

  it('learns nothing from calls that say nothing about the partner', () => {
    const breaker = new Breaker(policy);
    const nothing = { failed: undefined };
    for (let call = 0; call < 30; call++) breaker.ended(nothing, at(0));
    breaker.ended(failed, at(0));
    breaker.ended(nothing, at(0));
    expect(breaker.restUntil(at(0))).toBeUndefined();
    breaker.ended(failed, at(0));
    expect(breaker.restUntil(at(0))).toEqual(at(10));
    breaker.began();
    breaker.ended(nothing, at(10));
    expect(breaker.permits(at(10))).toBe(1);
  });
});

describe('a destination that is down', () => {
  it('is probed instead of flooded: what waits uses up no attempts', async () => {
    let calls = 0;
    let down = true;
    const send: Send = async (deliveries) => {
      calls += 1;
      return deliveries.map(() => (down ? { status: 'retry', reason: 'down' } : { status: 'delivered' }));
    };
    await using world = await createWorld({ 'fake.mail': fake(send, { concurrency: 1 }) });
    await world.program();
    await world.move(await Promise.all(Array.from({ length: 30 }, () => world.addPerson())));
    const worker = world.worker();
    await worker.settle();
    expect(calls).toBe(5);
    for (let probe = 1; probe <= 3; probe++) {
      world.pass(300);
      await worker.settle();
      expect(calls).toBe(5 + probe);
    }
    const { deliveries } = await listDeliveries(world.database, world.workspace.id);
    expect(deliveries.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(8);
    down = false;
    world.pass(300);
    await worker.settle();
    world.pass(3600);
    await worker.settle();
    const after = await listDeliveries(world.database, world.workspace.id, { statuses: ['DELIVERED'] });
    expect(after.deliveries).toHaveLength(30);
  });

  it('that says when to come back is left alone until then, and what it gives up on is dead with the reason', async () => {
    const calls: string[] = [];
    const send: Send = async ([delivery]) => {
      calls.push(delivery?.recipient.id ?? '');
      if (calls.length === 1) throw new ComeBackLater(120, 'quota used up');
      if (calls.length === 2) throw new GiveUp('no such template');
      return [{ status: 'delivered' }];
    };
    await using world = await createWorld({ 'fake.mail': fake(send, { concurrency: 1 }) });
    await world.program();
    await world.move([await world.addPerson(), await world.addPerson(), await world.addPerson()]);
    const worker = world.worker();
    await worker.settle();
    world.pass(119);
    await worker.settle();
    expect(calls).toHaveLength(1);
    world.pass(1);
    await worker.settle();
    const { deliveries } = await listDeliveries(world.database, world.workspace.id);
    expect(deliveries.map(({ status }) => status).sort()).toEqual(['DEAD', 'DELIVERED', 'DELIVERED']);
    expect(deliveries.find(({ status }) => status === 'DEAD')?.reason).toBe('no such template');
  });

  it('that asks half of many to come back later is left alone as long by the rest', async () => {
    let calls = 0;
    const send: Send = async (deliveries) => {
      calls += 1;
      return deliveries.map((_, place) =>
        calls === 1 && place % 2 === 0 ? { status: 'retry', reason: 'busy', afterSeconds: 60 } : { status: 'delivered' },
      );
    };
    await using world = await createWorld({ 'fake.mail': fake(send, { batchSize: 10, concurrency: 1 }) });
    await world.program();
    await world.move(await Promise.all(Array.from({ length: 30 }, () => world.addPerson())));
    const worker = world.worker();
    const sent = async () => (await listDeliveries(world.database, world.workspace.id, { statuses: ['DELIVERED'] })).deliveries.length;
    await worker.settle();
    world.pass(59);
    await worker.settle();
    expect([calls, await sent()]).toEqual([1, 5]);
    world.pass(1);
    await worker.settle();
    expect(await sent()).toBe(30);
  });
});
