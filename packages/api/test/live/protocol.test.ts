import { once } from 'node:events';
import { connect } from 'node:net';
import { createKey, revokeKey } from '@enishi/core';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Change, closing, createWorld, hear, init, open, say, segmentChanges, told } from './world.ts';

const size = { query: 'subscription { segmentSize(segment: "gold") { size } }' };
/** The codes of what a subscription is refused with. */
const refusal = async (next: Promise<unknown>): Promise<unknown> => {
  const error: unknown = await next.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const errors = error instanceof AggregateError ? error.errors : error;
  return Array.isArray(errors) ? errors.map(({ extensions }) => extensions?.code) : error;
};

describe('the door', () => {
  it.each([
    ['4401 without a key', {}, 4401],
    ['4401 with something that is no bearer', { authorization: 'Basic eni' }, 4401],
    ['4403 with a key nobody has', { authorization: `Bearer eni_${'A'.repeat(43)}` }, 4403],
    ['4403 with an unknown apiKey', { apiKey: 'x' }, 4403],
  ])('closes with %s', async (_, payload, code) => {
    await using world = await createWorld();
    const socket = await open(world);
    say(socket, { type: 'connection_init', payload });
    expect(await closing(socket)).toBe(code);
  });

  it('closes with 4401 who subscribes before connection_init, 4400 who talks nonsense, 1009 who says too much', async () => {
    await using world = await createWorld({ sockets: { payload: 2_000 } });
    const key = await world.domain.key('marketer');
    const [hasty, confused, long] = [await open(world), await open(world), await open(world)];
    const codes = [hasty, confused, long].map(closing);
    say(hasty, { type: 'subscribe', id: '1', payload: size });
    say(confused, '{');
    say(long, init(key));
    say(long, 'x'.repeat(3_000));
    expect(await Promise.all(codes)).toEqual([4401, 4400, 1009]);
  });

  it('closes with 4408 who never says connection_init', async () => {
    await using world = await createWorld({ sockets: { init: 50 } });
    const client = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    expect(await closing(client)).toBe(4408);
  });

  it.each(['//', '/elsewhere', '*', 'http://'])('turns an upgrade of %s away and lets go of a client that stays', async (target) => {
    await using world = await createWorld();
    const socket = connect({ port: Number(new URL(world.url).port), host: 'localhost', allowHalfOpen: true });
    socket.write(`GET ${target} HTTP/1.1\r\nHost: enishi\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    const ended = once(socket, 'end');
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 404 /);
    await ended;
    const gone = new Promise((resolve) => socket.once('error', resolve));
    const insist = (): void => void socket.write('still here', (error) => error ?? setImmediate(insist));
    insist();
    expect(await gone).toMatchObject({ syscall: 'write' });
    socket.destroy();
    expect((await open(world)).readyState).toBe(WebSocket.OPEN);
  });

  it('closes the socket of a key that is revoked, or may less than before', async () => {
    await using world = await createWorld({ sockets: { recheck: 20 } });
    const { database, workspace } = world.domain;
    const { id, key } = await createKey(database, workspace, { name: 'short-lived', role: 'marketer' });
    const [doomed, other] = [world.connect(key), world.connect(await world.domain.key('marketer'))];
    const subscriptions = [doomed, other].map((client) => client.subscribe<Change>(segmentChanges, { heartbeats: true }));
    for (const subscription of subscriptions) await subscription.next();
    await revokeKey(database, workspace.id, id);
    expect(await doomed.closed).toMatchObject({ code: 4403 });
    await world.rank('gold', 'ann');
    expect(told((await subscriptions[1]?.next()) as Change)).toBe('ENTERED ann');
  });

  it('cuts a socket that does not answer pings', async () => {
    await using world = await createWorld({ sockets: { ping: 30 } });
    const socket = await open(world);
    say(socket, init(await world.domain.key('marketer')));
    await hear(socket);
    // Not reading is not answering.
    socket.pause();
    await expect.poll(() => world.live.counts().sockets).toBe(0);
    socket.terminate();
  });

  it('sends everybody away with 1001 when it closes', async () => {
    await using world = await createWorld();
    const client = world.connect(await world.domain.key('marketer'));
    await client.subscribe<Change>(segmentChanges, { heartbeats: true }).next();
    await world.live.close();
    expect(await client.closed).toMatchObject({ code: 1001 });
  });
});

describe('a question', () => {
  it.each([
    ['needs segments:read', segmentChanges, ['FORBIDDEN']],
    ['needs customers:read', 'subscription { customerChanges(id: "x") { change } }', ['FORBIDDEN']],
  ])('%s', async (_, query, codes) => {
    await using world = await createWorld();
    const client = world.connect(await world.domain.key('source'));
    expect(await refusal(client.subscribe(query).next())).toEqual(codes);
  });

  it.each([
    ['a segment that is not there', 'subscription { segmentSize(segment: "nobody") { size } }', ['SEGMENT_NOT_FOUND']],
    ['a customer that is not there', 'subscription { customerChanges(id: "x") { change } }', ['CUSTOMER_NOT_FOUND']],
    ['a cursor that was made up', 'subscription { segmentChanges(segment: "gold", after: "AAAA") { cursor } }', ['INVALID_CURSOR']],
    ['a field that is not there', 'subscription { segmentSize(segment: "gold") { colour } }', ['GRAPHQL_VALIDATION_FAILED']],
    ['something that is not GraphQL', 'subscription {', ['GRAPHQL_PARSE_FAILED']],
    ['a variable that does not fit', 'subscription ($s: String!) { segmentSize(segment: $s) { size } }', ['BAD_USER_INPUT']],
    ['a query', '{ __typename }', ['SUBSCRIPTIONS_ONLY']],
  ])('is told what is wrong with it: %s', async (_, query, codes) => {
    await using world = await createWorld();
    const client = world.connect(await world.domain.key('marketer'));
    expect(await refusal(client.subscribe(query).next())).toEqual(codes);
    expect(world.failures).toEqual([]);
  });

  it('is refused beyond the number of subscriptions one socket may have', async () => {
    await using world = await createWorld({ sockets: { subscriptions: 2 } });
    const client = world.connect(await world.domain.key('marketer'));
    for (const subscription of [client.subscribe(size.query), client.subscribe(size.query)]) await subscription.next();
    expect(await refusal(client.subscribe(size.query).next())).toEqual(['TOO_MANY_SUBSCRIPTIONS']);
  });

  it('leaves nothing behind when it is completed or its socket goes away', async () => {
    await using world = await createWorld();
    const client = world.connect(await world.domain.key('marketer'));
    const subscriptions = [client.subscribe<Change>(segmentChanges, { heartbeats: true }), client.subscribe(size.query)];
    for (const subscription of subscriptions) await subscription.next();
    await subscriptions[0]?.stop();
    await expect.poll(() => world.live.counts()).toMatchObject({ subscriptions: 1, executions: 1 });
    await client.dispose();
    await expect.poll(() => world.live.counts()).toMatchObject({ sockets: 0, subscriptions: 0, executions: 0, catchingUp: 0 });
  });
});
