import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createWorld, type World } from './world.ts';

/** Takes the database away from everybody, and brings it back. */
async function withoutDatabase(world: World, work: () => Promise<void>): Promise<void> {
  const address = new URL(world.server.databaseUrl);
  const name = address.pathname.slice(1);
  address.pathname = '/postgres';
  const client = new pg.Client({ connectionString: address.href });
  await client.connect();
  try {
    await client.query(`alter database ${name} with allow_connections false`);
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    await work();
  } finally {
    await client.query(`alter database ${name} with allow_connections true`);
    await client.end();
  }
}

describe('while the database is away', () => {
  it('callers are told to come back, nothing is lost, and afterwards all goes on', async () => {
    await using world = await createWorld();
    const key = await world.key('source');
    const track = (messageId: string) => world.http.post('/v1/track').auth(key, '').send({ messageId, event: 'Outage', userId: 'u1' });
    expect((await track('before')).status).toBe(200);

    await withoutDatabase(world, async () => {
      const answer = await track('during');
      expect(answer.status).toBe(503);
      expect(answer.headers['retry-after']).toMatch(/^\d+$/);
      expect(answer.body.error).toMatchObject({ code: 'UNAVAILABLE', message: expect.not.stringContaining('connection') });
      expect((await world.http.get('/readyz')).status).toBe(503);
      expect((await world.http.get('/healthz')).status).toBe(200);
      const graphql = await world.http.post('/graphql').set('authorization', `Bearer ${key}`).send({ query: '{ me { role } }' });
      expect(JSON.stringify(graphql.body)).not.toMatch(/enishi_test_|terminating|not currently accepting/);
    });

    await expect.poll(async () => (await world.http.get('/readyz')).status, { timeout: 10_000 }).toBe(200);
    expect((await track('during')).body.receipts).toMatchObject([{ status: 'ACCEPTED' }]);
    expect((await track('before')).body.receipts).toMatchObject([{ status: 'DUPLICATE' }]);
    expect(await world.events()).toHaveLength(2);
  });
});
