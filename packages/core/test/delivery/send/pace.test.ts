import type { RateLimit } from '@enishi/plugin-sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowance, type Taken, withCalls } from '../../../src/delivery/send/pace.ts';
import { createWorld, delivered, fake, type Send } from '../world.ts';

const limits = fc.record({ calls: fc.integer({ min: 1, max: 50 }), perSeconds: fc.constantFrom(0.5, 1, 10, 60, 3600) });

describe('the pace of a destination', () => {
  it('never lets more calls begin in any window than are allowed, and says exactly when to come back', () => {
    const steps = fc.array(fc.record({ wait: fc.integer({ min: 0, max: 5000 }), wanted: fc.integer({ min: 1, max: 30 }) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(fc.array(limits, { minLength: 1, maxLength: 2 }), steps, (given, walk) => {
        let [taken, time] = [[] as readonly Taken[], 1_700_000_000_123];
        const begun: number[] = [];
        for (const { wait, wanted } of walk) {
          time += wait;
          const now = new Date(time);
          const { calls, again } = allowance(given, taken, now);
          if (again) {
            expect(again.getTime()).toBeGreaterThan(time);
            expect(allowance(given, taken, again).calls).toBeGreaterThan(0);
          }
          const taking = Math.min(calls, wanted);
          for (let call = 0; call < taking; call++) begun.push(time);
          taken = withCalls(given, taken, { calls: taking, now });
        }
        for (const limit of given)
          for (const from of begun)
            expect(begun.filter((at) => at >= from && at < from + limit.perSeconds * 1000).length).toBeLessThanOrEqual(limit.calls);
      }),
    );
  });

  it('is kept by all processes together, counted in calls and not in deliveries', async () => {
    const limit: RateLimit = { calls: 3, perSeconds: 10 };
    const calls: { at: number; size: number }[] = [];
    await using world = await createWorld({
      'fake.mail': fake(
        (async (deliveries) => {
          calls.push({ at: world.now.getTime(), size: deliveries.length });
          return delivered(deliveries);
        }) satisfies Send,
        { batchSize: 5, concurrency: 4, limits: [limit] },
      ),
    });
    await world.program();
    await world.move(await Promise.all(Array.from({ length: 40 }, () => world.addPerson())));
    const workers = [world.worker(), world.worker(), world.worker()];
    for (let second = 0; second < 40 && calls.reduce((sum, { size }) => sum + size, 0) < 40; second++) {
      await Promise.all(workers.map((worker) => worker.settle()));
      world.pass(1);
    }
    expect(calls.reduce((sum, { size }) => sum + size, 0)).toBe(40);
    for (const { at } of calls) expect(calls.filter((call) => call.at >= at && call.at < at + 10_000).length).toBeLessThanOrEqual(3);
    expect(calls.length).toBeLessThanOrEqual(10);
  });

  it('wakes a running worker by itself when calls are allowed again', async () => {
    const all = Promise.withResolvers<void>();
    let left = 6;
    const send: Send = async (deliveries) => {
      if (--left === 0) all.resolve();
      return delivered(deliveries);
    };
    await using world = await createWorld({ 'fake.mail': fake(send, { limits: [{ calls: 2, perSeconds: 0.2 }] }) });
    await world.program();
    await world.move(await Promise.all(Array.from({ length: 6 }, () => world.addPerson())));
    await world.worker({ now: () => new Date() }).start();
    await all.promise;
  });
});
