import { explainDelivery, InvalidProgram, listDeliveries, replayDeliveries } from '@enishi/core';
import { describe, expect, it } from 'vitest';
import { createWorld, delivered, fake } from '../world.ts';

const crowd = 60;

async function heldOutOf(world: Awaited<ReturnType<typeof createWorld>>): Promise<string[]> {
  const { deliveries } = await listDeliveries(world.database, world.workspace.id, { statuses: ['SUPPRESSED'], first: 200 });
  expect(new Set(deliveries.map(({ obstacle }) => obstacle))).toEqual(new Set(['HOLDOUT']));
  return deliveries.map(({ customerId }) => customerId).sort();
}

describe('a holdout', () => {
  it('keeps its share of the customers unwritten to, the same ones each time, and says so', async () => {
    const reached: string[] = [];
    await using world = await createWorld({
      'fake.mail': fake(async (deliveries) => {
        for (const { recipient } of deliveries) reached.push(recipient.id);
        return deliveries.map(() => ({ status: 'delivered' }));
      }),
    });
    expect(await world.program({ holdout: 50 })).toMatchObject({ holdout: 50 });
    const people = await Promise.all(Array.from({ length: crowd }, () => world.addPerson()));
    await world.move(people);
    const worker = world.worker();
    await worker.settle();
    const first = await heldOutOf(world);
    expect(first.length).toBeGreaterThan(10);
    expect([...first, ...reached].sort()).toEqual(people.toSorted());
    const { deliveries } = await listDeliveries(world.database, world.workspace.id, { statuses: ['SUPPRESSED'] });
    expect(deliveries[0]?.reason).toBe('held out: in the 50 % nothing is sent to');

    // A replay of everything suppressed reaches none of them either, nor does the next time they enter.
    expect(await replayDeliveries(world.database, world.workspace.id, { statuses: ['SUPPRESSED'], now: world.now })).toBe(0);
    world.pass(60);
    await world.move(people);
    await worker.settle();
    expect(new Set(await heldOutOf(world))).toEqual(new Set(first));
    expect(new Set(reached).size + first.length).toBe(crowd);

    const of = { program: 'welcome', customerId: first[0] ?? '' };
    const { steps } = await explainDelivery(world.database, { workspaceId: world.workspace.id, of, now: world.now });
    expect(steps.at(-1)).toMatchObject({ kind: 'HOLDOUT', state: 'STOPPED', reason: 'held out: in the 50 % nothing is sent to' });
  });

  it('comes before everything else, so that nobody of it is written to once they agree', async () => {
    const reached: string[] = [];
    await using world = await createWorld({
      'fake.mail': fake(async (deliveries) => {
        for (const { recipient } of deliveries) reached.push(recipient.id);
        return deliveries.map(() => ({ status: 'delivered' }));
      }),
    });
    await world.program({ holdout: 50 });
    const people = await Promise.all(Array.from({ length: crowd }, () => world.addPerson({ consents: {} })));
    await world.move(people);
    const { deliveries } = await listDeliveries(world.database, world.workspace.id, { first: 200 });
    const held = deliveries.filter(({ obstacle }) => obstacle === 'HOLDOUT').map(({ customerId }) => customerId);
    expect(held.length).toBeGreaterThan(10);
    for (const id of people) await world.decide(id, { 'marketing/email': 'GIVEN' });
    const replayed = await replayDeliveries(world.database, world.workspace.id, { statuses: ['SUPPRESSED'], now: world.now });
    await world.worker().settle();
    expect(replayed).toBe(crowd - held.length);
    expect(reached.filter((id) => held.includes(id))).toEqual([]);
  });

  it('that was made larger keeps a replay from those it now holds', async () => {
    await using world = await createWorld({ 'fake.mail': fake(delivered) });
    await world.program();
    const people = await Promise.all(Array.from({ length: crowd }, () => world.addPerson({ consents: {} })));
    await world.move(people);
    await world.program({ holdout: 50 });
    const replayed = await replayDeliveries(world.database, world.workspace.id, { statuses: ['SUPPRESSED'], now: world.now });
    expect(replayed).toBeGreaterThan(10);
    expect(replayed).toBeLessThan(crowd - 10);
  });

  it('that grows holds whom the smaller one held, and is told before anything was planned', async () => {
    await using world = await createWorld({ 'fake.mail': fake(delivered) });
    const people = await Promise.all(Array.from({ length: crowd }, () => world.addPerson()));
    const heldAt = async (holdout: number): Promise<string[]> => {
      await world.program({ holdout });
      const held: string[] = [];
      for (const customerId of people) {
        const { steps } = await explainDelivery(world.database, {
          workspaceId: world.workspace.id,
          of: { program: 'welcome', customerId },
        });
        if (steps.some(({ kind }) => kind === 'HOLDOUT')) held.push(customerId);
      }
      return held;
    };
    const [none, some, half] = [await heldAt(0), await heldAt(20), await heldAt(50)];
    expect(none).toEqual([]);
    expect(half.length).toBeGreaterThan(some.length);
    expect(some.filter((id) => !half.includes(id))).toEqual([]);
  });

  it('is a whole percentage up to half', async () => {
    await using world = await createWorld({ 'fake.mail': fake(delivered) });
    for (const holdout of [-1, 51, 0.5]) await expect(world.program({ holdout })).rejects.toThrow(InvalidProgram);
  });
});
