import { beginJourney, listBackfills } from '@enishi/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { club } from '../fixture/club.ts';
import { createWorld, type World } from '../world.ts';

const key = 'the-secret-of-the-club';
let world: World;
beforeAll(async () => {
  world = await createWorld({ plugins: [club()({ key })], http: { publicUrl: 'https://cdp.example' } });
});
afterAll(() => world[Symbol.asyncDispose]());

const begin = async (member: string, now = new Date()): Promise<string> => {
  const { database, registry } = world.server;
  const sources = new Map(
    Object.entries(club()({ key }).setup({ urlOf: () => '' }).sources ?? {}).map(([name, source]) => [`club.${name}`, source]),
  );
  const request = { source: 'club.account', identifiers: [{ namespace: 'member', value: member }], now };
  return (await beginJourney({ database, registry, sources }, world.workspace, request)).state;
};

const go = (where: 'start' | 'return', query: Record<string, string>, language = 'en') =>
  world.http.get(`/links/club/account/${where}`).query(query).set('accept-language', language);

/** What earlier tests have left to be fetched comes in by itself. */
const nothingLeft = () =>
  expect
    .poll(async () => (await listBackfills(world.server.database, world.workspace.id)).filter(({ status }) => status !== 'DONE'))
    .toEqual([]);

describe('connecting an account', () => {
  it('leads to the vendor and back, ties the two and fetches the history', async () => {
    const state = await begin('M100');
    const start = await go('start', { state });
    expect(start.status).toBe(302);
    expect(start.headers['referrer-policy']).toBe('no-referrer');
    const vendor = new URL(start.headers.location ?? '');
    expect(Object.fromEntries(vendor.searchParams)).toEqual({
      state,
      redirect_uri: 'https://cdp.example/links/club/account/return',
      hint: 'M100',
    });
    const back = await go('return', { state, code: '100' }, 'ja,en;q=0.8');
    expect(back.status).toBe(200);
    expect(back.text).toContain('<html lang="ja">');
    expect(back.text).toContain('連携が完了しました');
    await expect.poll(async () => (await world.events()).length).toBe(4);
    const [tied] = await world.server.database.query<{ people: number }>(
      world.workspace.id,
      `select count(distinct customer_id)::int as people from identity where workspace_id = $1 and value in ('M100', 'account-100')`,
      [world.workspace.id],
    );
    expect(tied?.people).toBe(1);
    await expect
      .poll(() => listBackfills(world.server.database, world.workspace.id))
      .toMatchObject([{ source: 'club.past', options: { of: 'account-100' }, status: 'DONE', accepted: 3 }]);
  });

  it('a state counts once', async () => {
    const state = await begin('M101');
    expect((await go('return', { state, code: '101' })).status).toBe(200);
    const again = await go('return', { state, code: '101' });
    expect(again.status).toBe(410);
    expect(again.text).toContain('This link has expired');
    expect((await go('start', { state })).status).toBe(410);
  });

  it('of two that come back at once one is let in', async () => {
    const state = await begin('M102');
    const answers = await Promise.all(Array.from({ length: 5 }, () => go('return', { state, code: '102' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410, 410]);
  });

  it('a state lasts ten minutes, and is worth nothing when it was made up, for another workspace or source', async () => {
    const old = await begin('M103', new Date(Date.now() - 10 * 60_000));
    const state = await begin('M104');
    for (const wrong of [old, `${state}x`, 'main.x', 'other.abc', '', state.replace('main.', '')])
      expect((await go('return', { state: wrong, code: '1' })).status).toBe(410);
    expect((await world.http.get('/links/club/joins/return').query({ state, code: '1' })).status).toBe(404);
    expect((await world.http.get('/links/club/nothing/start').query({ state })).status).toBe(404);
    expect((await go('return', { state, code: '104' })).status).toBe(200);
  });

  it('whoever refuses is told that nothing was connected', async () => {
    const state = await begin('M105');
    await nothingLeft();
    const before = await world.events();
    const back = await go('return', { state, error: 'access_denied' }, 'fr, ja;q=0.1');
    expect(back.status).toBe(200);
    expect(back.text).toContain('連携されませんでした');
    expect(await world.events()).toHaveLength(before.length);
  });

  it('a plugin that fails says so to the person, and its secret to nobody', async () => {
    const back = await go('return', { state: await begin('M106'), code: 'broken' });
    expect(back.status).toBe(502);
    expect(back.text).toContain('That did not work');
    expect(world.log.some(({ msg }) => msg === 'an account could not be connected')).toBe(true);
    expect(JSON.stringify(world.log)).not.toContain(key);
  });

  it('a plugin that fails before anybody has left is answered as its failure, and the state can be used again', async () => {
    const state = await begin('broken');
    const start = await go('start', { state });
    expect(start.status).toBe(502);
    expect(start.body.error).toEqual({
      code: 'ACCOUNT_LINK_FAILED',
      message: 'The account link could not begin now. Go back and start again in a while.',
    });
    expect(JSON.stringify(world.log)).toContain('the vendor answered 500');
    expect(JSON.stringify(world.log)).not.toContain(key);
    expect((await go('return', { state, code: 'b' })).status).toBe(200);
  });

  it('a plugin that says when to come back is answered as busy until then', async () => {
    const start = await go('start', { state: await begin('busy') });
    expect(start.status).toBe(503);
    expect(start.headers['retry-after']).toBe('120');
    expect(start.body.error.code).toBe('UNAVAILABLE');
  });

  it('neither state nor code is in the log or the database', async () => {
    const state = await begin('M107');
    await go('start', { state });
    const rows = await world.server.database.query(world.workspace.id, 'select * from account_link where workspace_id = $1', [
      world.workspace.id,
    ]);
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(state);
    await go('return', { state, code: 'code-of-107' });
    expect(JSON.stringify(world.log)).not.toContain('code-of-107');
    expect(JSON.stringify(world.log)).not.toContain(state);
  });
});
