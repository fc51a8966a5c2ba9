import { followDeliveryLog, type LoggedAttempt, watchDestination } from '@enishi/core';
import { expect, it } from 'vitest';
import { createWorld, delivered, fake } from '../world.ts';

const burst = 1_200;

async function createWatched() {
  const world = await createWorld({ 'fake.mail': fake(delivered, { batchSize: 100 }), 'fake.other': fake(delivered) });
  await world.program();
  await watchDestination(world.database, world.workspace.id, { key: 'fake.mail', minutes: 60, now: world.now });
  const pages = followDeliveryLog(world.database, world.workspace.id, 'fake.mail');
  const worker = world.worker();
  return Object.assign(world, {
    pages,
    async send(customerIds: readonly string[]) {
      world.pass(1);
      await world.move(customerIds);
      await worker.settle();
    },
  });
}

it('tells a watcher of each attempt once, also of more than are read at a time, and goes on', async () => {
  await using world = await createWatched();
  const { pages, send } = world;
  const crowd = await Promise.all(Array.from({ length: burst }, () => world.addPerson()));
  const heard: LoggedAttempt[] = [];
  const hear = async (): Promise<void> => {
    const { value } = await pages.next();
    heard.push(...(value ?? []));
  };
  await send(crowd.slice(0, 1));
  // What is said before the watcher has looked for the first time is not told.
  const first = hear();
  for (let next = 1; heard.length === 0; next++) await send(crowd.slice(next, next + 1));
  await first;
  const before = new Set(heard.map(({ deliveryId }) => deliveryId));

  await send(crowd);
  while (heard.length < before.size + burst) await hear();
  world.pass(1);
  await send(crowd.slice(0, 1));
  await hear();
  expect(pages.position).toBe(heard.length);
  expect(new Set(heard.map(({ deliveryId }) => deliveryId)).size).toBe(heard.length);
  expect(heard.at(-1)).toMatchObject({ destination: 'fake.mail', attempt: 1, at: world.now, outcome: 'delivered', calls: [] });
  await pages.return();
  expect(await pages.next()).toEqual({ done: true, value: undefined });
});
