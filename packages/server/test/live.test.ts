import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const clientOf = (key: string, onClose: (code: number) => void = () => {}) =>
  createClient({
    url: `${world.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${key}` },
    retryAttempts: 0,
    on: { closed: (event) => onClose((event as { code: number }).code) },
  });

describe('live, through the whole server', () => {
  it('a tracked event moves a segment while somebody watches, is counted, and a shutdown sends the watcher away', async () => {
    const [operator, source] = await Promise.all([world.key('operator'), world.key('source')]);
    const rule = { event: 'enishi.tracked', where: [{ property: 'event', is: 'Joined' }] };
    const saved = await world.http.post('/graphql').set('authorization', `Bearer ${operator}`).send({
      query: 'mutation($rule: JSON!) { saveSegment(input: { key: "joined", name: "Joined", rule: $rule }) { ... on Segment { key } } }',
      variables: { rule },
    });
    expect(saved.body).toEqual({ data: { saveSegment: { key: 'joined' } } });

    let closed = 0;
    const client = clientOf(operator, (code) => {
      closed = code;
    });
    const changes = client.iterate<{ segmentChanges: { change: string } }>({
      query: 'subscription { segmentChanges(segment: "joined", heartbeats: true) { change } }',
    });
    // The first item says that it is listening: what happens from here on is told.
    expect((await changes.next()).value?.data).toEqual({ segmentChanges: { change: 'CURRENT' } });
    expect((await world.http.get('/metrics')).text).toContain('enishi_live_subscribers 1');
    await world.http.post('/v1/track').auth(source, '').send({ event: 'Joined', userId: 'live-1' });
    expect((await changes.next()).value?.data).toEqual({ segmentChanges: { change: 'ENTERED' } });
    expect((await world.http.get('/metrics')).text).toMatch(/enishi_segment_transitions_total\S* 1/);

    const rest = changes.next().catch(() => undefined);
    await world.server.close();
    await rest;
    expect(closed).toBe(1001);
    await expect(fetch(`${world.url}/healthz`)).rejects.toThrow();
  });
});
