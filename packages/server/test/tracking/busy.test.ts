import pg from 'pg';
import { expect, it } from 'vitest';
import { createWorld } from '../world.ts';

it('when too much is under way callers are asked to come back, and what was taken is kept', async () => {
  await using world = await createWorld({ limits: { eventsInFlight: 3 } });
  const key = await world.key('source');
  const batch = (name: string) =>
    world.http
      .post('/v1/batch')
      .auth(key, '')
      .send({ batch: [1, 2].map((n) => ({ type: 'track', event: 'Busy', userId: 'u1', messageId: `${name}-${n}` })) });
  // Somebody holds the table: the first batch waits in the line.
  const holder = new pg.Client({ connectionString: world.server.databaseUrl });
  await holder.connect();
  await holder.query('begin; lock table event_key in access exclusive mode');
  const first = batch('first').then((answer) => answer);
  const waiting = `select 1 from pg_locks where not granted and relation = 'event_key'::regclass`;
  await expect.poll(async () => (await holder.query(waiting)).rowCount).toBe(1);

  const second = await batch('second');
  expect(second.status).toBe(429);
  expect(second.headers['retry-after']).toBe('1');
  expect(second.body.error.code).toBe('BUSY');

  await holder.query('commit');
  await holder.end();
  expect((await first).status).toBe(200);
  expect((await batch('second')).status).toBe(200);
  expect(await world.events()).toHaveLength(4);
});
