import { listDeliveries } from '@enishi/core';
import type { Delivery, Outcome } from '@enishi/plugin-sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorld, fake, gate, type Send } from '../world.ts';

/** What a partner may do with one call: whether it takes the delivery, and what we hear of it. */
const faults = ['taken, then silence', 'taken, then an error', 'taken, answer garbled', 'error', 'busy', 'busy with a date'] as const;
type Fault = (typeof faults)[number];

/** A partner that knows a key it has taken before, as idempotent partners do, and follows a script of faults per delivery. */
function partner(scriptOf: (recipient: string) => readonly Fault[]) {
  const taken = new Map<string, string>();
  const calls: Delivery<{ text: string }>[] = [];
  const underWay = new Set<string>();
  let overlaps = 0;
  const send: Send = async ([delivery], { signal }) => {
    if (delivery === undefined) return [];
    const { id, recipient, attempt } = delivery;
    calls.push(delivery);
    if (underWay.has(id)) overlaps++;
    underWay.add(id);
    // After this the host has given the call up.
    signal.addEventListener('abort', () => underWay.delete(id));
    try {
      const fault = scriptOf(recipient.id)[attempt - 1];
      if (fault === undefined || fault.startsWith('taken')) taken.set(id, recipient.id);
      return await hear(fault);
    } finally {
      underWay.delete(id);
    }
  };
  return { send, taken, calls, overlaps: () => overlaps };
}

async function hear(fault: Fault | undefined): Promise<Outcome[]> {
  switch (fault) {
    case undefined:
      return [{ status: 'delivered' }];
    case 'taken, then silence':
      return new Promise(() => {});
    case 'taken, then an error':
    case 'error':
      throw new Error(fault);
    case 'taken, answer garbled':
      return [];
    case 'busy':
      return [{ status: 'retry', reason: fault }];
    case 'busy with a date':
      return [{ status: 'retry', reason: fault, afterSeconds: 30 }];
  }
}

describe('an idempotency key', () => {
  it('is taken exactly once by a partner that fails in any way, and never called twice at once', async () => {
    const scripts = fc.array(fc.array(fc.constantFrom(...faults), { maxLength: 4 }), { minLength: 1, maxLength: 8 });
    const people = new Map<string, readonly Fault[]>();
    const { send, taken, calls, overlaps } = partner((recipient) => people.get(recipient) ?? []);
    await using world = await createWorld({ 'fake.mail': fake(send, { timeoutSeconds: 0.01, concurrency: 4 }) });
    await world.program();
    await fc.assert(
      fc.asyncProperty(scripts, async (given) => {
        people.clear();
        taken.clear();
        calls.length = 0;
        for (const script of given) people.set(await world.addPerson(), script);
        await world.move([...people.keys()]);
        const patient = { breaker: { failures: Number.POSITIVE_INFINITY } };
        const workers = [world.worker(patient), world.worker(patient)];
        for (let round = 0; round < 6; round++) {
          await Promise.all(workers.map((worker) => worker.settle()));
          world.pass(3600);
        }
        expect([...taken.values()].sort()).toEqual([...people.keys()].sort());
        expect(calls).toHaveLength(given.reduce((sum, script) => sum + script.length + 1, 0));
        for (const customerId of people.keys()) {
          const { deliveries } = await listDeliveries(world.database, world.workspace.id, { customerId });
          expect(deliveries).toMatchObject([{ status: 'DELIVERED' }]);
          expect(taken.has(deliveries[0]?.id ?? '')).toBe(true);
        }
        expect(overlaps()).toBe(0);
      }),
      { numRuns: 15 },
    );
  });

  it('is called again only when the lease of a worker that vanished is over; a late answer changes nothing', async () => {
    const late = Promise.withResolvers<Outcome[]>();
    const started = gate();
    const keys: string[] = [];
    const vanished: Send = ([delivery]) => {
      keys.push(delivery?.id ?? '');
      started.reached();
      return late.promise;
    };
    await using world = await createWorld({ 'fake.mail': fake(vanished, { timeoutSeconds: 30 }) });
    await world.program();
    await world.move([await world.addPerson()]);
    const first = world.worker().settle();
    await started.passed;

    const taking: Send = async ([delivery]) => {
      keys.push(delivery?.id ?? '');
      return [{ status: 'delivered', reference: 'second' }];
    };
    const second = world.worker({ destinations: new Map([['fake.mail', fake(taking)]]) });
    world.pass(60);
    await second.settle();
    expect(keys).toHaveLength(1);
    world.pass(60);
    await second.settle();
    expect(keys).toEqual([keys[0], keys[0]]);

    late.resolve([{ status: 'rejected', reason: 'too late' }]);
    await first;
    const { deliveries } = await listDeliveries(world.database, world.workspace.id);
    expect(deliveries).toMatchObject([{ status: 'DELIVERED', reference: 'second', attempts: 2 }]);
  });

  it('that kills every worker is not tried for ever', async () => {
    await using world = await createWorld({ 'fake.mail': fake(async () => [{ status: 'delivered' }]) });
    await world.program();
    await world.move([await world.addPerson()]);
    await world.query(`update delivery set status = 'SENDING', attempts = 3 where workspace_id = $1`);
    await world.worker({ retry: { maxAttempts: 3 } }).settle();
    const { deliveries } = await listDeliveries(world.database, world.workspace.id);
    expect(deliveries).toMatchObject([{ status: 'DEAD', attempts: 3, reason: 'the process stopped during each of 3 attempts' }]);
  });
});
