import { listDeliveries, listDestinations, loadDelivery, pauseDestination, replayDeliveries, resumeDestination } from '@enishi/core';
import type { Outcome } from '@enishi/plugin-sdk';
import { describe, expect, it } from 'vitest';
import { createWorld, delivered, fake, gate, type Send } from '../world.ts';

type World = Awaited<ReturnType<typeof createWorld>>;

async function only(world: World) {
  const { deliveries } = await listDeliveries(world.database, world.workspace.id);
  expect(deliveries).toHaveLength(1);
  return loadDelivery(world.database, world.workspace.id, deliveries[0]?.id ?? '');
}

/** One delivery to a destination that answers with these outcomes, one per attempt. */
async function oneDelivery(...outcomes: Outcome[]) {
  const ids: string[] = [];
  const send: Send = async ([delivery]) => {
    ids.push(delivery?.id ?? '');
    return [outcomes.shift() ?? { status: 'delivered' }];
  };
  const world = await createWorld({ 'fake.mail': fake(send) });
  await world.program();
  await world.move([await world.addPerson()]);
  return Object.assign(world, { ids });
}

const busy: Outcome = { status: 'retry', reason: 'busy' };

describe('a destination that fails', () => {
  it('is asked again after growing pauses with the same id, until it takes the delivery', async () => {
    await using world = await oneDelivery(busy, busy, { ...busy, afterSeconds: 3600 });
    const worker = world.worker();
    const start = world.now.getTime();
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      await worker.settle();
      const { dueAt, status } = await only(world);
      if (status === 'DELIVERED') break;
      pauses.push((dueAt.getTime() - world.now.getTime()) / 1000);
      world.now = dueAt;
    }
    expect(pauses).toEqual([5, 10, 3600]);
    expect(world.now.getTime() - start).toBe(3_615_000);
    expect(new Set(world.ids).size).toBe(1);
    expect((await only(world)).attempted.map(({ outcome }) => outcome)).toEqual(['retry', 'retry', 'retry', 'delivered']);
  });

  it('makes a dead letter when the attempts are used up; a replay begins anew under the same id', async () => {
    await using world = await oneDelivery(busy, busy, busy, busy);
    const worker = world.worker({ retry: { maxAttempts: 2, baseSeconds: 1 } });
    await worker.settle();
    world.pass(60);
    await worker.settle();
    expect(await only(world)).toMatchObject({ status: 'DEAD', attempts: 2, reason: 'gave up after 2 attempts: busy' });
    expect(await replayDeliveries(world.database, world.workspace.id, { destination: 'fake.mail', now: world.now })).toBe(1);
    await worker.settle();
    expect(await only(world)).toMatchObject({ status: 'PENDING', attempts: 3 });
    world.pass(60);
    await worker.settle();
    expect(await only(world)).toMatchObject({ status: 'DEAD', attempts: 4 });
    await replayDeliveries(world.database, world.workspace.id, { now: world.now });
    await worker.settle();
    expect(await only(world)).toMatchObject({ status: 'DELIVERED', attempts: 5, reason: null });
    expect(new Set(world.ids).size).toBe(1);
  });

  it('that refuses a delivery is not asked again', async () => {
    await using world = await oneDelivery({ status: 'rejected', reason: '550 unknown user' });
    await world.worker().settle();
    expect(await only(world)).toMatchObject({ status: 'DEAD', attempts: 1, reason: '550 unknown user' });
  });

  it('that refuses its credentials is paused; its deliveries wait until it is resumed', async () => {
    await using world = await oneDelivery({ status: 'fix-credentials', reason: '535 bad password' });
    const worker = world.worker();
    await worker.settle();
    expect(await listDestinations(world.database, world.workspace.id)).toMatchObject([
      { key: 'fake.mail', pausedReason: '535 bad password' },
    ]);
    expect(await only(world)).toMatchObject({ status: 'PENDING', attempts: 1, reason: '535 bad password' });
    world.pass(86_400);
    await worker.settle();
    expect(world.ids).toHaveLength(1);
    await resumeDestination(world.database, world.workspace.id, 'fake.mail');
    await worker.settle();
    expect(await only(world)).toMatchObject({ status: 'DELIVERED', attempts: 2 });
  });

  it('wakes a running worker when it is resumed', async () => {
    const { reached, passed } = gate();
    await using world = await createWorld({
      'fake.mail': fake(async (deliveries) => {
        reached();
        return delivered(deliveries);
      }),
    });
    await world.program();
    await pauseDestination(world.database, world.workspace.id, { key: 'fake.mail', reason: 'maintenance' });
    await world.move([await world.addPerson()]);
    await world.worker().start();
    await resumeDestination(world.database, world.workspace.id, 'fake.mail');
    await passed;
  });
});

describe('a destination that misbehaves', () => {
  const wrong: Record<string, Send> = {
    throws: async () => {
      throw new Error('boom\0');
    },
    'throws at once': () => {
      throw new Error('boom');
    },
    'answers too few': async () => [],
    'answers too many': async (deliveries) => [...deliveries, ...deliveries].map(() => ({ status: 'delivered' })),
    'answers nothing': (async () => undefined) as unknown as Send,
    'answers nonsense': (async () => [{ status: 'fine' }]) as unknown as Send,
    'answers null': (async () => [null]) as unknown as Send,
    hangs: () => new Promise(() => {}),
  };

  it.each(Object.keys(wrong))('(%s) costs its own deliveries an attempt and its neighbours nothing', async (kind) => {
    await using world = await createWorld({
      'fake.bad': fake(wrong[kind] ?? delivered, { timeoutSeconds: 0.05 }),
      'fake.good': fake(delivered),
    });
    await world.program({ destination: 'fake.bad' });
    await world.program({ key: 'other', destination: 'fake.good' });
    await world.move([await world.addPerson(), await world.addPerson()]);
    await world.worker().settle();
    const { deliveries } = await listDeliveries(world.database, world.workspace.id);
    const of = (key: string) => deliveries.filter(({ destination }) => destination === key);
    expect(of('fake.good').map(({ status }) => status)).toEqual(['DELIVERED', 'DELIVERED']);
    expect(of('fake.bad')).toMatchObject([
      { status: 'PENDING', attempts: 1 },
      { status: 'PENDING', attempts: 1 },
    ]);
    expect(of('fake.bad')[0]?.reason).toBeTruthy();
  });

  it('delays nobody while it hangs, not even its own other deliveries', async () => {
    const hanging = gate();
    const { reached, passed } = gate(20);
    const never = Promise.withResolvers<readonly Outcome[]>();
    const send: Send = async (deliveries) => {
      if (deliveries[0]?.recipient.traits.hang) {
        hanging.reached();
        return never.promise;
      }
      reached();
      return delivered(deliveries);
    };
    await using world = await createWorld({ 'fake.slow': fake(send, { concurrency: 2 }), 'fake.good': fake(send) });
    await world.program({ destination: 'fake.slow' });
    await world.move([await world.addPerson({ traits: { hang: true } })]);
    await world.worker().start();
    await hanging.passed;
    await world.program({ key: 'other', destination: 'fake.good' });
    await world.move(await Promise.all(Array.from({ length: 10 }, () => world.addPerson())));
    await passed;
    never.resolve([{ status: 'delivered' }]);
  });

  it('is told to stop by the signal when its time is over', async () => {
    const aborted = gate();
    const send: Send = (_deliveries, { signal }) => {
      signal.addEventListener('abort', aborted.reached);
      return new Promise(() => {});
    };
    await using world = await createWorld({ 'fake.mail': fake(send, { timeoutSeconds: 0.02 }) });
    await world.program();
    await world.move([await world.addPerson()]);
    await world.worker().settle();
    await aborted.passed;
    expect(await only(world)).toMatchObject({ status: 'PENDING', reason: 'no answer within 0.02 s' });
  });
});
