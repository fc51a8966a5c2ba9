import { createHmac } from 'node:crypto';
import { definePlugin } from '@enishi/plugin-sdk';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { club } from './fixture/club.ts';
import { createWorld } from './world.ts';

const key = 'the-secret-of-the-club';

it('numbers tell how each source is doing behind the traffic', async () => {
  await using world = await createWorld({ plugins: [club()({ key })] });
  await world.http.post('/hooks/club/open').send({ id: 'g1', how: 'never' }).expect(202);
  await expect
    .poll(async () => (await world.http.get('/metrics')).text)
    .toContain('enishi_source_waiting{workspace="main",source="club.roll",kind="POLL"} 1');
  const { text } = await world.http.get('/metrics');
  expect(text).toContain('enishi_source_given_up{workspace="main",source="club.open",kind="CALLS"} 1');
  expect(text).toContain('enishi_source_failures{workspace="main",source="club.roll",kind="POLL"} 0');
  expect(text).toMatch(/enishi_heap_share 0\.\d+/);
});

it('a heap that fills while a plugin works is told of, with the plugin’s name', async () => {
  await using world = await createWorld({ plugins: [club()({ key })], pluginLimits: { heapShare: 0.000_001 } });
  await world.http.post('/hooks/club/open').send({ id: 'g1' }).expect(200);
  await expect
    .poll(() => world.log.find(({ msg }) => msg === 'the heap is nearly full while these plugins work'))
    .toMatchObject({ level: 'warn', plugins: ['club'], megabytes: expect.any(Number) });
});

it('the house closes while a plugin hangs', async () => {
  const begun = Promise.withResolvers<void>();
  await using world = await createWorld({
    plugins: [
      club({
        receive: () => {
          begun.resolve();
          return new Promise<void>(() => {});
        },
      })({ key }),
    ],
  });
  const body = JSON.stringify({ id: 'h1' });
  const signature = createHmac('sha256', key).update(body).digest('hex');
  await world.http
    .post('/hooks/club/later')
    .set({ 'content-type': 'application/json', 'x-club-signature': signature })
    .send(body)
    .expect(202);
  await begun.promise;
  await world.server.close();
});

it('a plugin that keeps secrets is not started without a key to encrypt them under', async () => {
  const keeper = definePlugin({
    name: 'keeper',
    description: 'Keeps.',
    config: z.object({ on: z.boolean() }),
    keepsSecrets: ({ on }) => on,
  });
  await expect(createWorld({ plugins: [keeper({ on: true })] })).rejects.toThrow('Plugin "keeper" keeps secrets');
  await using without = await createWorld({ plugins: [keeper({ on: false })] });
  await using withKey = await createWorld({ plugins: [keeper({ on: true })], secretKey: 'a key of at least 32 characters!' });
  expect((await without.http.get('/readyz')).status).toBe(200);
  expect((await withKey.http.get('/readyz')).status).toBe(200);
});
