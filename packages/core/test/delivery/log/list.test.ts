import { DeliveryNotFound, InvalidCursor, listDeliveries, loadDelivery, replayDeliveries } from '@enishi/core';
import { describe, expect, it } from 'vitest';
import { createWorld, delivered, fake } from '../world.ts';

async function createHistory() {
  const world = await createWorld({
    'fake.good': fake(delivered),
    'fake.bad': fake(async (deliveries) => deliveries.map(() => ({ status: 'rejected', reason: 'no' }))),
  });
  await world.program({ key: 'good', destination: 'fake.good' });
  await world.program({ key: 'bad', destination: 'fake.bad' });
  for (let day = 0; day < 3; day++) {
    await world.move([await world.addPerson(), await world.addPerson({ consents: {} })]);
    world.pass(86_400);
  }
  await world.worker().settle();
  return world;
}

describe('the list of deliveries', () => {
  it('pages through everything once, newest first, while new ones come in', async () => {
    await using world = await createHistory();
    const seen: string[] = [];
    const times: number[] = [];
    let after: string | undefined;
    do {
      const page = await listDeliveries(world.database, world.workspace.id, { first: 5, after });
      seen.push(...page.deliveries.map(({ id }) => id));
      times.push(...page.deliveries.map(({ createdAt }) => createdAt.getTime()));
      after = page.next;
      await world.move([await world.addPerson()]);
    } while (after !== undefined);
    expect(new Set(seen).size).toBe(12);
    expect(seen).toHaveLength(12);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it('filters by status, destination, program, time and customer', async () => {
    await using world = await createHistory();
    const count = async (filter: Parameters<typeof listDeliveries>[2]) =>
      (await listDeliveries(world.database, world.workspace.id, filter)).deliveries.length;
    expect(await count({ statuses: ['DEAD'] })).toBe(3);
    expect(await count({ statuses: ['DEAD', 'SUPPRESSED'] })).toBe(9);
    expect(await count({ destination: 'fake.good' })).toBe(6);
    expect(await count({ program: 'bad', statuses: ['SUPPRESSED'] })).toBe(3);
    expect(await count({ from: new Date('2026-04-02'), to: new Date('2026-04-03') })).toBe(4);
    expect(await count({ destination: 'fake.unknown' })).toBe(0);
    const [{ customerId = '' } = {}] = (await listDeliveries(world.database, world.workspace.id, { first: 1 })).deliveries;
    expect(await count({ customerId })).toBe(2);
  });

  it('refuses a cursor and an id it did not make', async () => {
    await using world = await createWorld({});
    for (const after of ['', 'nonsense', Buffer.from('1/2').toString('base64url')])
      await expect(listDeliveries(world.database, world.workspace.id, { after })).rejects.toThrow(InvalidCursor);
    for (const id of ['x', '00000000-0000-4000-8000-000000000000'])
      await expect(loadDelivery(world.database, world.workspace.id, id)).rejects.toThrow(DeliveryNotFound);
  });
});

describe('a replay', () => {
  it('touches only what has ended unsent, and only what the filter names', async () => {
    await using world = await createHistory();
    const { database, workspace } = world;
    expect(await replayDeliveries(database, workspace.id, { destination: 'fake.good' })).toBe(0);
    expect(await replayDeliveries(database, workspace.id, { statuses: ['DELIVERED'] })).toBe(0);
    expect(await replayDeliveries(database, workspace.id, { from: new Date('2026-04-03') })).toBe(1);
    expect(await replayDeliveries(database, workspace.id)).toBe(2);
    expect(await replayDeliveries(database, workspace.id)).toBe(0);
  });

  it('of suppressed deliveries asks for consent again', async () => {
    await using world = await createHistory();
    const filter = { statuses: ['SUPPRESSED'], destination: 'fake.good' } as const;
    const { deliveries } = await listDeliveries(world.database, world.workspace.id, filter);
    await world.decide(deliveries[0]?.customerId ?? '', { 'marketing/*': 'GIVEN' });
    expect(await replayDeliveries(world.database, world.workspace.id, { ...filter, now: world.now })).toBe(3);
    await world.worker().settle();
    expect((await listDeliveries(world.database, world.workspace.id, filter)).deliveries).toHaveLength(2);
    expect(await loadDelivery(world.database, world.workspace.id, deliveries[0]?.id ?? '')).toMatchObject({ status: 'DELIVERED' });
  });
});
