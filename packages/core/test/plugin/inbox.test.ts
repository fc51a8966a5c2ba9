import { listGivenUpCalls, replayCalls, storeCall } from '@enishi/core';
import { ComeBackLater, type Desk, GiveUp, type WebhookSource, webhook } from '@enishi/plugin-sdk';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createWorld, visit } from './world.ts';

type Receive = (id: string, desk: Desk) => Promise<void> | void;

const later = (before: Receive = () => {}): WebhookSource =>
  webhook({
    description: 'A visit.',
    body: z.object({ id: z.string() }),
    verify: () => true,
    work: 'later',
    receive: async ({ id }, _request, desk) => {
      await before(id, desk);
      return [visit(id, id)];
    },
  });

type World = Awaited<ReturnType<typeof createWorld>>;

const put = ({ database, workspace, now }: World, id: string, rest: { source?: string; callId?: string } = {}) =>
  storeCall(database, workspace.id, {
    source: 'place.visits',
    now: now(),
    request: {
      method: 'POST',
      path: '/hooks/place/visits',
      query: {},
      headers: { 'x-signature': 'good', authorization: 'Bearer secret' },
      body: Buffer.from(JSON.stringify({ id })),
    },
    ...rest,
  });

const left = async ({ database }: World) => database.query(1, 'select * from inbox where workspace_id = 1');

it('works on a stored call and leaves nothing of it behind', async () => {
  await using world = await createWorld({ visits: later() });
  await put(world, 'one');
  await put(world, 'two');
  expect(JSON.stringify(await left(world))).not.toContain('Bearer');
  await world.settle();
  expect(await world.visits()).toEqual([
    { source: 'place.visits', at: 'one' },
    { source: 'place.visits', at: 'two' },
  ]);
  expect(await left(world)).toEqual([]);
});

it('two workers share the calls: each is received once', async () => {
  const received: string[] = [];
  await using world = await createWorld({ visits: later((id) => void received.push(id)) });
  const ids = Array.from({ length: 40 }, (_, n) => `n${n}`);
  await Promise.all(ids.map((id) => put(world, id)));
  await Promise.all([world.worker().settle(), world.worker().settle()]);
  expect(received.sort()).toEqual(ids.sort());
  expect(await world.visits()).toHaveLength(40);
});

it("the vendor's id of a call counts once in seven days", async () => {
  await using world = await createWorld({ visits: later() });
  expect(await put(world, 'one', { callId: 'c1' })).toBeDefined();
  expect(await put(world, 'again', { callId: 'c1' })).toBeUndefined();
  await world.settle();
  expect(await put(world, 'again', { callId: 'c1' })).toBeUndefined();
  world.pass(7 * 86_400 + 1);
  expect(await put(world, 'much-later', { callId: 'c1' })).toBeDefined();
  await world.settle();
  expect((await world.visits()).map(({ at }) => at)).toEqual(['much-later', 'one']);
  world.pass(8 * 86_400);
  await world.settle();
  expect(await world.database.query(1, 'select * from webhook_call where workspace_id = 1')).toEqual([]);
});

it('comes back with growing pauses while it throws, and is kept with the reason in the end', async () => {
  let broken = true;
  await using world = await createWorld({
    visits: later(() => {
      if (broken) throw new Error('the vendor is down');
    }),
  });
  await put(world, 'one');
  await world.settle();
  await world.settle();
  expect(world.outcomes).toEqual(['place.visits failed the vendor is down']);
  for (let attempt = 2; attempt <= 20; attempt += 1) {
    world.pass(3600);
    await world.settle();
  }
  expect(world.outcomes.at(-1)).toBe('place.visits failed the vendor is down');
  expect(await listGivenUpCalls(world.database, 1)).toMatchObject([
    { source: 'place.visits', attempts: 20, reason: 'gave up after 20 attempts: the vendor is down' },
  ]);
  broken = false;
  world.pass(86_400);
  await world.settle();
  expect(await world.visits()).toEqual([]);
  expect(await replayCalls(world.database, 1, { source: 'place.visits', now: world.now() })).toBe(1);
  await world.settle();
  expect(await world.visits()).toHaveLength(1);
  expect(await listGivenUpCalls(world.database, 1)).toEqual([]);
});

it('comes back when the vendor says, at no cost of attempts, and gives up where the plugin does', async () => {
  let seconds: number | undefined = 300;
  await using world = await createWorld({
    visits: later(() => {
      if (seconds !== undefined) throw new ComeBackLater(seconds);
      throw new GiveUp('the account is closed');
    }),
  });
  await put(world, 'one');
  await world.settle();
  world.pass(299);
  await world.settle();
  expect(world.outcomes).toHaveLength(1);
  world.pass(1);
  seconds = undefined;
  await world.settle();
  expect(await listGivenUpCalls(world.database, 1)).toMatchObject([{ attempts: 1, reason: 'the account is closed' }]);
});

it('a source that hangs holds up no other, and is told to stop', async () => {
  const told: boolean[] = [];
  const hanging = later(async (_id, desk) => {
    await new Promise<void>((_, reject) =>
      desk.signal.addEventListener('abort', () => {
        told.push(true);
        reject(new Error('stopped'));
      }),
    );
  });
  await using world = await createWorld({ visits: hanging, others: later() }, { seconds: 0.2 });
  for (let n = 0; n < 20; n += 1) await put(world, `hanging${n}`);
  await put(world, 'fine', { source: 'place.others' });
  const worker = world.worker({ everySeconds: 0.05 });
  worker.start();
  await expect.poll(() => world.visits()).toEqual([{ source: 'place.others', at: 'fine' }]);
  await expect.poll(() => told.length).toBe(20);
  await worker.stop();
  expect(world.outcomes.filter((line) => line.startsWith('place.visits'))[0]).toBe(
    'place.visits failed it did not answer within 0.2 seconds',
  );
  expect(await left(world)).toHaveLength(20);
});

it('what is under way when the house stops is put back as it was', async () => {
  const begun = Promise.withResolvers<void>();
  let hang = true;
  await using world = await createWorld({
    visits: later(async () => {
      begun.resolve();
      if (hang) await new Promise(() => {});
    }),
  });
  await put(world, 'one');
  const worker = world.worker();
  worker.start();
  await begun.promise;
  await worker.stop();
  expect(await left(world)).toMatchObject([{ attempts: 0, status: 'WAITING' }]);
  hang = false;
  await world.settle();
  expect(await world.visits()).toHaveLength(1);
});
