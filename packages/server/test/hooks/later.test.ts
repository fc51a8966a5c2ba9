import { createHmac } from 'node:crypto';
import { listGivenUpCalls } from '@enishi/core';
import { expect, it } from 'vitest';
import { type Behaviour, club } from '../fixture/club.ts';
import { createWorld, type World } from '../world.ts';

const key = 'the-secret-of-the-club';

const start = (behaviour: Behaviour = {}, limits: { hookCalls?: number; hookSeconds?: number } = {}) =>
  createWorld({
    plugins: [club(behaviour)({ key })],
    limits: { hookSeconds: limits.hookSeconds ?? 5 },
    pluginLimits: { hookCalls: limits.hookCalls ?? 64 },
  });

interface Sent {
  readonly id?: string | number;
  readonly how?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const post = ({ http }: World, source: string, { headers = {}, ...sent }: Sent) => {
  const body = JSON.stringify(sent);
  const signature = createHmac('sha256', key).update(body).digest('hex');
  return http
    .post(`/hooks/club/${source}`)
    .set({ 'content-type': 'application/json', 'x-club-signature': signature, ...headers })
    .send(body);
};

const waiting = ({ server, workspace }: World) =>
  server.database.query(workspace.id, `select * from inbox where workspace_id = $1 and status = 'WAITING'`, [workspace.id]);

it('a call that is worked on later is answered at once and its events follow', async () => {
  const gate = Promise.withResolvers<void>();
  await using world = await start({ receive: () => gate.promise });
  const answer = await post(world, 'later', { id: 'a1' });
  expect(answer.status).toBe(202);
  expect(answer.body).toEqual({ call: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect(await world.events()).toEqual([]);
  gate.resolve();
  await expect.poll(() => world.events()).toMatchObject([{ type: 'club.joined', source: 'club.later' }]);
  await expect.poll(() => waiting(world)).toEqual([]);
});

it.each(['joins', 'later'])('a replayed call to %s is answered 200 and does nothing', async (source) => {
  const received: string[] = [];
  await using world = await start({ receive: (how) => void received.push(how) });
  const call = { 'x-club-call': 'call-1' };
  expect((await post(world, source, { id: 'a1', how: 'first', headers: call })).status).toBe(source === 'later' ? 202 : 200);
  await expect.poll(() => received).toEqual(['first']);
  const again = await post(world, source, { id: 'a2', how: 'replayed', headers: call });
  expect(again.status).toBe(200);
  expect(again.body).toEqual({ receipts: [], replayed: true });
  await world.server.plugins.settle();
  expect(received).toEqual(['first']);
  await expect.poll(() => world.events()).toHaveLength(1);
});

it('a call that came to nothing is no replay when the vendor sends it again', async () => {
  let broken = true;
  await using world = await start({
    receive: () => {
      if (broken) throw new Error('no');
    },
  });
  const call = { 'x-club-call': 'call-1' };
  expect((await post(world, 'joins', { id: 'a1', headers: call })).status).toBe(500);
  broken = false;
  expect((await post(world, 'joins', { id: 'a1', headers: call })).body.receipts).toMatchObject([{ status: 'ACCEPTED' }]);
});

it('of two copies at once one is worked on and the other is asked to come back', async () => {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  await using world = await start({
    receive: async () => {
      begun.resolve();
      await gate.promise;
    },
  });
  const call = { 'x-club-call': 'call-1' };
  const first = post(world, 'joins', { id: 'a1', headers: call }).then((answer) => answer);
  await begun.promise;
  const second = await post(world, 'joins', { id: 'a1', headers: call });
  expect(second.status).toBe(503);
  expect(second.headers['retry-after']).toBe('2');
  gate.resolve();
  expect((await first).status).toBe(200);
});

it('what is wrong with a later call is said before it is stored', async () => {
  await using world = await start();
  expect((await post(world, 'later', { id: 7 })).body.error).toMatchObject({
    code: 'INVALID_BODY',
    details: { violations: [{ path: 'id' }] },
  });
  expect((await post(world, 'later', { id: 'a1', headers: { 'x-club-signature': 'forged' } })).status).toBe(401);
  const truncated = await post(world, 'open', {}).then(() =>
    world.http.post('/hooks/club/open').set({ 'content-type': 'application/json' }).send('{"id":"a'),
  );
  expect(truncated.body.error.code).toBe('INVALID_JSON');
  expect(await waiting(world)).toEqual([]);
});

it('a plugin that asks for time or gives up is answered so, and what it gave up on is kept', async () => {
  await using world = await start();
  const later = await post(world, 'joins', { id: 'a1', how: 'wait' });
  expect(later.status).toBe(503);
  expect(later.headers['retry-after']).toBe('120');
  const never = await post(world, 'joins', { id: 'a2', how: 'never' });
  expect(never.status).toBe(202);
  const given = await listGivenUpCalls(world.server.database, world.workspace.id);
  expect(given).toMatchObject([{ id: never.body.call, source: 'club.joins', reason: 'the club is closed' }]);
});

it('a source that floods fills its own gate and nobody else’s', async () => {
  const gate = Promise.withResolvers<void>();
  let begun = 0;
  await using world = await start(
    {
      receive: (how) => {
        begun += 1;
        return how === 'hang' ? gate.promise : undefined;
      },
    },
    { hookCalls: 3 },
  );
  const hanging = ['a', 'b', 'c'].map((id) => post(world, 'joins', { id, how: 'hang' }).then((answer) => answer));
  await expect.poll(() => begun).toBe(3);
  const turnedAway = await post(world, 'joins', { id: 'd' });
  expect(turnedAway.status).toBe(429);
  expect(turnedAway.headers['retry-after']).toBe('1');
  expect((await post(world, 'open', { id: 'e' })).status).toBe(200);
  gate.resolve();
  expect((await Promise.all(hanging)).map(({ status }) => status)).toEqual([200, 200, 200]);
});

it('the plugin’s secret is in no log, whatever it throws', async () => {
  await using world = await start();
  expect((await post(world, 'joins', { id: 'a1', how: 'leak' })).status).toBe(500);
  await post(world, 'later', { id: 'a2', how: 'leak' });
  await expect
    .poll(() => world.log.find(({ msg }) => msg === 'work for a source failed'))
    .toMatchObject({
      source: 'club.later',
      reason: '401 for key [redacted]',
    });
  expect(JSON.stringify(world.log)).not.toContain(key);
  const metrics = await world.http.get('/metrics');
  expect(metrics.text).toContain('enishi_plugin_work_total{source="club.later",outcome="failed"} 1');
});

it('what a plugin throws is masked even where it cannot be changed, and its causes are clean too', async () => {
  await using world = await start({
    receive: (how) => {
      if (how === 'abort') throw new DOMException(`the request with ${key} was aborted`, 'AbortError');
      throw new Error('fetch failed', { cause: new Error(`connect with ${key}`) });
    },
  });
  expect((await post(world, 'joins', { id: 'a1', how: 'abort' })).body.error.code).toBe('INTERNAL');
  expect((await post(world, 'joins', { id: 'a2', how: 'cause' })).body.error.code).toBe('INTERNAL');
  const errors = world.log.filter(({ msg }) => msg === 'unforeseen').map(({ err }) => err);
  expect(errors).toMatchObject([
    { message: 'the request with [redacted] was aborted' },
    { message: 'fetch failed', cause: { message: 'connect with [redacted]' } },
  ]);
  expect(JSON.stringify(world.log)).not.toContain(key);
});

it('a call is kept whatever its address holds', async () => {
  await using world = await start();
  const body = JSON.stringify({ id: 'a1' });
  const signature = createHmac('sha256', key).update(body).digest('hex');
  const odd = String.raw`x=%00y&z=\u0000`;
  const answer = await fetch(`${world.url}/hooks/club/later?${odd}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-club-signature': signature },
    body,
  });
  expect(answer.status).toBe(202);
  await answer.text();
  await expect.poll(() => world.events()).toHaveLength(1);
});
