import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { revokeKey } from '@enishi/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../world.ts';

let world: World;
let key: string;
beforeAll(async () => {
  world = await createWorld();
  key = await world.key('source');
});
afterAll(() => world[Symbol.asyncDispose]());

let made = 0;
const track = (rest: Record<string, unknown> = {}) => ({ type: 'track', event: 'Tested', userId: 'u1', messageId: `m${made++}`, ...rest });
const batch = (events: unknown[], rest: Record<string, unknown> = {}) => ({ batch: events, sentAt: new Date().toISOString(), ...rest });
const post = (path: string) => world.http.post(path).auth(key, '');
const stored = async (test: string) => (await world.events()).filter(({ properties }) => properties.test === test);

describe('the tracking API: who calls', () => {
  it.each([
    ['Basic with the key as user', (request: ReturnType<typeof post>) => request.auth(key, '')],
    ['Bearer', (request: ReturnType<typeof post>) => request.set('authorization', `Bearer ${key}`)],
  ])('%s', async (_, withKey) => {
    const answer = await withKey(world.http.post('/v1/track')).send(track());
    expect(answer.body).toMatchObject({ success: true, receipts: [{ status: 'ACCEPTED' }] });
  });

  it('writeKey in the body', async () => {
    const answer = await world.http.post('/v1/batch').send(batch([track()], { writeKey: key }));
    expect(answer.status).toBe(200);
  });

  it('a key in the header and another in the body: neither', async () => {
    const other = await world.key('source');
    expect((await post('/v1/batch').send(batch([track()], { writeKey: other }))).status).toBe(401);
  });

  it.each([
    ['none', undefined],
    ['wrong', `Basic ${Buffer.from('eni_wrong:').toString('base64')}`],
    ['no scheme we know', 'Digest x'],
  ])('%s: 401', async (_, header) => {
    const answer = await world.http
      .post('/v1/track')
      .set(header === undefined ? {} : { authorization: header })
      .send(track());
    expect(answer.status).toBe(401);
    expect(answer.body.error.code).toBe('INVALID_KEY');
  });

  it('a revoked key: 401', async () => {
    const revoked = await world.key('source');
    expect((await world.http.post('/v1/track').auth(revoked, '').send(track())).status).toBe(200);
    const [row] = await world.server.database.query<{ id: string }>(
      world.workspace.id,
      'select id from api_key where workspace_id = $1 order by created_at desc limit 1',
      [world.workspace.id],
    );
    await revokeKey(world.server.database, world.workspace.id, row?.id ?? '');
    expect((await world.http.post('/v1/track').auth(revoked, '').send(track())).status).toBe(401);
  });

  it('a key that may only read: 403', async () => {
    const reader = await world.key('bi');
    expect((await world.http.post('/v1/track').auth(reader, '').send(track())).status).toBe(403);
  });

  it('events are booked under tracking, or under the source of the key', async () => {
    const named = await world.key('source', { source: 'shop.web' });
    await post('/v1/track').send(track({ properties: { test: 'source' } }));
    await world.http
      .post('/v1/track')
      .auth(named, '')
      .send(track({ properties: { test: 'source' } }));
    expect((await stored('source')).map(({ source }) => source).sort()).toEqual(['shop.web', 'tracking']);
  });
});

describe('the tracking API: what is sent', () => {
  it.each(['identify', 'track', 'page', 'screen', 'group', 'alias', 'i', 't', 'p', 's', 'g', 'a'])('/v1/%s', async (name) => {
    const message = { event: 'Tested', userId: 'u2', previousId: 'p2', groupId: 'g2', messageId: `single-${name}` };
    const answer = await post(`/v1/${name}`).send(message);
    expect(answer.body).toMatchObject({ success: true, receipts: [{ status: 'ACCEPTED', id: `single-${name}` }] });
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('%s, whatever the content type says', async (encoding, compress) => {
    const body = compress(JSON.stringify(batch([track()])));
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/json', 'image/png']) {
      const response = await fetch(`${world.url}/v1/batch`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': type, 'content-encoding': encoding },
        body,
      });
      expect(response.status).toBe(200);
    }
  });

  it('the context of a batch fills that of its events', async () => {
    const events = [track({ properties: { test: 'context' }, context: { app: { name: 'A' } } })];
    await post('/v1/batch').send(batch(events, { context: { app: { name: 'B' }, ip: '192.0.2.7' }, integrations: { All: false } }));
    expect((await stored('context'))[0]?.context).toEqual({ app: { name: 'A' }, ip: '192.0.2.7', integrations: { All: false } });
  });

  it('the same message id again is a duplicate, and one inside a batch too', async () => {
    const twice = track({ properties: { test: 'twice' } });
    const first = await post('/v1/batch').send(batch([twice, twice]));
    const second = await post('/v1/track').send(twice);
    expect(first.body.receipts.map(({ status }: { status: string }) => status)).toEqual(['ACCEPTED', 'DUPLICATE']);
    expect(second.body.receipts[0].status).toBe('DUPLICATE');
    expect(await stored('twice')).toHaveLength(1);
  });
});

describe('the tracking API: bad input', () => {
  it('in a batch the good are stored and each bad one is answered for itself', async () => {
    const test = { properties: { test: 'mixed' } };
    const answer = await post('/v1/batch').send(
      batch([
        track(test),
        'not an object',
        track({ ...test, timestamp: '1900-01-01T00:00:00Z' }),
        track({ ...test, timestamp: '2999-01-01T00:00:00Z' }),
        track({ ...test, userId: 'x'.repeat(10_000) }),
        track({ ...test, event: 7 }),
        track({ ...test, type: 'purchase' }),
        track({ ...test, userId: undefined }),
        track({ properties: { big: 'x'.repeat(40_000) } }),
        track({ ...test, userId: 'null', anonymousId: '0' }),
        track(test),
      ]),
    );
    expect(answer.status).toBe(200);
    expect(answer.body.receipts.map(({ status }: { status: string }) => status)).toEqual([
      'ACCEPTED',
      'REJECTED',
      'QUARANTINED',
      'QUARANTINED',
      'QUARANTINED',
      'QUARANTINED',
      'QUARANTINED',
      'QUARANTINED',
      'REJECTED',
      'QUARANTINED',
      'ACCEPTED',
    ]);
    expect(await stored('mixed')).toHaveLength(2);
  });

  it('bytes that are no UTF-8 cost their own event only', async () => {
    const [before, broken, after] = [track(), track({ properties: { name: '@@' } }), track()];
    const text = JSON.stringify(batch([before, broken, after]));
    const body = Buffer.from(text);
    body.writeUInt16BE(0x89_8f, body.indexOf('@@'));
    const answer = await fetch(`${world.url}/v1/batch`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body });
    const { receipts } = (await answer.json()) as { receipts: { status: string }[] };
    expect(receipts.map(({ status }) => status)).toEqual(['ACCEPTED', 'REJECTED', 'ACCEPTED']);
  });

  it.each([
    ['malformed JSON', '{"batch":[', 'INVALID_JSON'],
    ['no object', '[]', 'INVALID_JSON'],
    ['no batch', '{}', 'EMPTY_BATCH'],
    ['an empty batch', '{"batch":[]}', 'EMPTY_BATCH'],
  ])('%s: 400', async (_, body, code) => {
    const answer = await post('/v1/batch').set('content-type', 'application/json').send(body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.code).toBe(code);
  });

  it('a message that is all wrong: 400', async () => {
    const answer = await post('/v1/track').send(track({ properties: { big: 'x'.repeat(40_000) } }));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ success: false, receipts: [{ status: 'REJECTED' }] });
  });

  it('10 MB: 413, inflated too', async () => {
    const large = JSON.stringify(batch([track({ properties: { text: 'x'.repeat(10_000_000) } })]));
    expect((await post('/v1/batch').set('content-type', 'application/json').send(large)).status).toBe(413);
    const bomb = await fetch(`${world.url}/v1/batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-encoding': 'gzip' },
      body: gzipSync(large),
    });
    expect(bomb.status).toBe(413);
  });

  it('more than 2,500 events: the first 2,500 are stored, the others are refused by name', async () => {
    const answer = await post('/v1/batch').send(batch(Array.from({ length: 2502 }, () => track({ properties: { test: 'many' } }))));
    const statuses = answer.body.receipts.map(({ status }: { status: string }) => status);
    expect(statuses.filter((status: string) => status === 'ACCEPTED')).toHaveLength(2500);
    expect(statuses.slice(2500)).toEqual(['REJECTED', 'REJECTED']);
    expect(await stored('many')).toHaveLength(2500);
  });
});
