import { definePlugin, segment } from '@enishi/plugin-sdk';
import { createTestDatabase } from '@enishi/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createServer } from '../src/index.ts';
import { till } from './fixture/plugin.ts';
import { createWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ plugins: [till({})], http: { cors: ['https://shop.example'] } });
});
afterAll(() => world[Symbol.asyncDispose]());

describe('what machines ask', () => {
  it('is it alive, is it ready', async () => {
    expect((await world.http.get('/healthz')).body).toEqual({ status: 'ok' });
    expect((await world.http.get('/readyz')).body).toEqual({
      status: 'ready',
      checks: { database: true, migrated: true, line: true },
    });
  });

  it('what is there', async () => {
    expect((await world.http.get('/')).body).toMatchObject({ name: 'enishi', graphql: '/graphql', graphiql: '/graphiql' });
  });

  it('how is it doing', async () => {
    const key = await world.key('source');
    const message = { userId: 'u1', event: 'x', messageId: 'm1' };
    await world.http.post('/v1/track').auth(key, '').send(message);
    await world.http.post('/v1/track').auth(key, '').send(message);
    const { text } = await world.http.get('/metrics');
    expect(text).toContain('enishi_receipts_total{source="tracking",status="ACCEPTED"} 1');
    expect(text).toContain('enishi_receipts_total{source="tracking",status="DUPLICATE"} 1');
    expect(text).toMatch(/enishi_batch_events_count 2/);
    expect(text).toMatch(/enishi_batch_stage_seconds_count\{stage="commit"\} 2/);
    expect(text).toContain('enishi_http_request_seconds_count{method="POST",route="/v1/track",status="200"} 2');
    expect(text).toContain('enishi_segment_transitions_total');
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
  });

  it('how many traits were one too many', async () => {
    const key = await world.key('source');
    const traits = (turn: number) => Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`made-up-${turn}-${n}`, n]));
    const batch = Array.from({ length: 11 }, (_, turn) => ({ type: 'identify', userId: 'flood', traits: traits(turn) }));
    expect((await world.http.post('/v1/batch').auth(key, '').send({ batch })).status).toBe(200);
    expect((await world.http.get('/metrics')).text).toContain('enishi_traits_dropped_total 100');
  });

  it('numbers are for this machine, or for whoever has the token', async () => {
    expect((await world.http.get('/metrics').set('x-forwarded-for', '203.0.113.9')).status).toBe(401);
    await using other = await createWorld({ metrics: { token: 'a-token-of-metrics' } });
    expect((await other.http.get('/metrics')).status).toBe(401);
    expect((await other.http.get('/metrics').set('authorization', 'Bearer a-token-of-metrics')).status).toBe(200);
  });
});

describe('a server that cannot be put together', () => {
  it('says why and leaves nothing open', async () => {
    await using domain = await createTestDatabase();
    const broken = definePlugin({
      name: 'broken',
      description: 'Brings a segment that is none.',
      config: z.object({}),
      segments: [segment('bad', 'Bad', { event: 'x', count: {} })],
    });
    const config = { plugins: [broken({})], database: { url: domain.url }, log: { level: 'silent' as const } };
    await expect(createServer(config)).rejects.toThrow('This is not a rule');
    // The database can be dropped at the end of this test only if every connection is closed.
  });
});

describe('each request', () => {
  it('keeps a well-formed id of the caller and gives any other a new one', async () => {
    expect((await world.http.get('/healthz').set('x-request-id', 'trace-7')).headers['x-request-id']).toBe('trace-7');
    const made = (await world.http.get('/healthz').set('x-request-id', 'a b{}')).headers['x-request-id'];
    expect(made).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is logged once, with nobody’s address and no key', async () => {
    const key = await world.key('source');
    await world.http.post(`/v1/track?writeKey=${key}&who=hanako%40shop.example.jp`).set('x-request-id', 'seen').auth(key, '').send({});
    const lines = world.log.filter(({ requestId }) => requestId === 'seen');
    expect(lines).toMatchObject([{ msg: 'request', req: { method: 'POST' }, res: { statusCode: 200 } }]);
    expect(JSON.stringify(world.log)).not.toMatch(/eni_|hanako/);
  });

  it('is answered with headers that keep browsers safe', async () => {
    const { headers } = await world.http.get('/healthz');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'SAMEORIGIN' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('may come from the web sites of the settings only', async () => {
    const asked = (origin: string) =>
      world.http
        .options('/v1/track')
        .set({ origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' });
    expect((await asked('https://shop.example')).headers['access-control-allow-origin']).toBe('https://shop.example');
    expect((await asked('https://evil.example')).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('to nowhere is answered 404, broken JSON 400, too many bytes 413, each in one shape', async () => {
    expect((await world.http.get('/nowhere')).body).toMatchObject({ error: { code: 'NOT_FOUND' }, requestId: expect.any(String) });
    const graphql = () => world.http.post('/graphql').set('content-type', 'application/json');
    expect((await graphql().send('{"query":')).body).toMatchObject({ error: { code: 'INVALID_JSON' } });
    const notText = { method: 'POST', headers: { 'content-type': 'application/json' }, body: Buffer.from([0x22, 0x89, 0x8f, 0x22]) };
    expect(await (await fetch(`${world.url}/graphql`, notText)).json()).toMatchObject({ error: { code: 'INVALID_UTF8' } });
    expect((await graphql().send(JSON.stringify({ query: 'x'.repeat(2_000_000) }))).body).toMatchObject({
      error: { code: 'BODY_TOO_LARGE' },
    });
  });
});

describe('GraphiQL', () => {
  it('comes from this server alone', async () => {
    const page = await world.http.get('/graphiql');
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/https?:\/\/(?!localhost)/);
    const files = [...page.text.matchAll(/(?:src|href)="(graphiql\/[^"]+)"/g)].map(([, file]) => file);
    expect(files).toHaveLength(6);
    for (const file of files) {
      const asset = await world.http.get(`/${file}`);
      expect(asset.status).toBe(200);
      expect(asset.headers['content-type']).toMatch(/javascript|css/);
    }
  });

  it('runs no script but its own', async () => {
    const page = await world.http.get('/graphiql');
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.text).not.toMatch(/<script>|onclick/);
  });
});
