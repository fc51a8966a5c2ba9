import { ComeBackLater, GiveUp } from '@enishi/plugin-sdk';
import { backfillReaderOf, type FakeVendor, fakeVendor, sourceOf } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { deskFor, link, notified, pluginFor } from './graph.ts';

const user = '218471';
const person = { id: user, granted: ['public_profile', 'user_likes', 'user_posts'] };

/** 250 likes on three pages; the address of the next page carries the token, as Facebook's does. */
const manyLikes = (vendor: FakeVendor) =>
  vendor.on('GET /v25.0/me/likes', ({ query }) => {
    const from = Number(query.after ?? 0);
    const data = Array.from({ length: Math.min(100, 250 - from) }, (_, place) => ({
      id: String(9000 + from + place),
      name: `P${from + place}`,
      category: (from + place) % 5 === 0 ? 'Coffee shop' : 'Band',
      created_time: new Date(1700000000000 - (from + place) * 60_000).toISOString(),
    }));
    const next = `${vendor.url}/v25.0/me/likes?access_token=SECRET&appsecret_proof=p&limit=100&after=${from + 100}`;
    return { json: { data, paging: { cursors: { after: String(from + 100) }, ...(from + 100 < 250 && { next }) } } };
  });

const connected = async (vendor: FakeVendor) => {
  const desk = deskFor(vendor);
  const plugin = pluginFor(vendor);
  await link(plugin, vendor, { person, desk });
  return { desk, plugin, source: sourceOf(plugin, 'history', 'backfill') };
};

describe('what a person permitted to read', () => {
  it('is read page by page to its end: each like, and what all of them say together', async () => {
    await using vendor = await fakeVendor();
    const { desk, plugin } = await connected(vendor);
    manyLikes(vendor);
    vendor.on('GET /v25.0/me/posts', { json: { data: [{ id: '1_2', created_time: '2026-05-01T00:00:00+0000', message: '引っ越した' }] } });
    const drafts = await backfillReaderOf(plugin, 'history')({ user }, desk);
    expect(drafts.filter(({ type }) => type === 'facebook.page_liked')).toHaveLength(250);
    expect(new Set(drafts.map(({ id }) => id)).size).toBe(drafts.length);
    expect(drafts.find(({ type }) => type === 'facebook.likes_read')).toMatchObject({
      properties: {
        likes: 250,
        categories: [
          { name: 'Band', count: 200 },
          { name: 'Coffee shop', count: 50 },
        ],
      },
      traits: [{ trait: 'facebook.interests', value: ['Band', 'Coffee shop'] }],
    });
    expect(drafts.at(-1)).toMatchObject({ type: 'facebook.post_written', id: 'post:1_2', properties: { message: '引っ越した' } });
  });

  it('passes over an item that cannot be read, and says so', async () => {
    await using vendor = await fakeVendor();
    const { desk, source } = await connected(vendor);
    const good = { id: '7', created_time: '2025-05-01T00:00:00+0000' };
    vendor.on('GET /v25.0/me/likes', { json: { data: [{ name: 'no id' }, null, good] } });
    const { drafts } = await source.read({ user } as never, undefined as never, desk);
    expect(drafts.filter(({ type }) => type === 'facebook.page_liked')).toHaveLength(1);
    expect(desk.logged.filter(({ level }) => level === 'warn')).toHaveLength(2);
  });

  it('keeps no token in its cursor', async () => {
    await using vendor = await fakeVendor();
    const { desk, source } = await connected(vendor);
    manyLikes(vendor);
    const page = await source.read({ user } as never, undefined as never, desk);
    expect(page).toMatchObject({ more: true, cursor: { next: { after: '100' } } });
    expect(JSON.stringify(page.cursor)).not.toContain('SECRET');
  });

  it('is booked with what the webhook brings, so that nothing counts twice', async () => {
    await using vendor = await fakeVendor();
    const { desk, plugin, source } = await connected(vendor);
    vendor.on('GET /v25.0/me/likes', { json: { data: [{ id: '7', created_time: '2026-05-01T00:00:00+0000' }] } });
    const [told] = await notified(plugin, { object: 'user', entry: [{ id: user, time: 1, changed_fields: ['likes'] }] }, desk);
    const [read] = (await source.read({ user } as never, undefined as never, desk)).drafts;
    expect(source.sameAs).toBe('updates');
    expect(read?.id).toBe(told?.id);
  });

  it('ends where the permission is taken back in the middle', async () => {
    await using vendor = await fakeVendor();
    const { desk, plugin, source } = await connected(vendor);
    manyLikes(vendor);
    const { cursor } = await source.read({ user } as never, undefined as never, desk);
    const time = Math.floor(Date.now() / 1000) + 60;
    for (const field of ['user_likes', 'user_posts'])
      await notified(
        plugin,
        { object: 'permissions', entry: [{ id: user, time, changes: [{ field, value: { verb: 'revoked' } }] }] },
        desk,
      );
    expect(await source.read({ user } as never, cursor as never, desk)).toMatchObject({ drafts: [], more: false });
  });

  it('an account that is not connected is nobody’s to read', async () => {
    await using vendor = await fakeVendor();
    const reading = sourceOf(pluginFor(vendor), 'history', 'backfill').read({ user: '1' } as never, undefined as never, deskFor(vendor));
    await expect(reading).rejects.toBeInstanceOf(GiveUp);
  });
});

describe('when Facebook', () => {
  it.each([4, 17, 32, 613])('limits the calls (%i), it is asked later', async (code) => {
    await using vendor = await fakeVendor();
    const { desk, source } = await connected(vendor);
    vendor.on('GET /v25.0/me/likes', { status: 400, json: { error: { message: 'limit', code } } });
    await expect(source.read({ user } as never, undefined as never, desk)).rejects.toBeInstanceOf(ComeBackLater);
  });

  it.each([
    ['answers 200 with an error in it', { json: { error: { message: 'unknown', code: 2, is_transient: true } } }, ComeBackLater],
    ['refuses for good', { status: 400, json: { error: { message: 'no', code: 200 } } }, GiveUp],
    ['sends a web page', 'html', ComeBackLater],
    ['breaks', 'broken', ComeBackLater],
    ['hangs up in the middle', 'cut', ComeBackLater],
    ['hangs up', 'gone', ComeBackLater],
    ['answers in another shape', { json: { data: 'soon' } }, GiveUp],
  ] as const)('%s, it is known what to do', async (_, fault, error) => {
    await using vendor = await fakeVendor();
    const { desk, source } = await connected(vendor);
    manyLikes(vendor);
    vendor.fault(fault, { on: 'GET /v25.0/me/likes' });
    const thrown = await source.read({ user } as never, undefined as never, desk).catch((one: unknown) => one);
    expect(thrown).toBeInstanceOf(error);
    expect(String(thrown)).not.toContain(`long-${user}`);
  });

  it('takes the token no longer, the person can be asked to connect again', async () => {
    await using vendor = await fakeVendor();
    const { desk, source } = await connected(vendor);
    vendor.on('GET /v25.0/me/likes', { status: 400, json: { error: { message: 'expired', code: 190, error_subcode: 463 } } });
    const page = await source.read({ user } as never, undefined as never, desk);
    expect(page).toMatchObject({ drafts: [{ type: 'facebook.token_expired', identifiers: { 'facebook.user': user } }], more: false });
    expect(desk.kept()).not.toHaveProperty(`token:${user}`);
  });

  it('has given almost all it gives, it is left alone before it refuses everything', async () => {
    await using vendor = await fakeVendor();
    const { desk, source } = await connected(vendor);
    vendor.on('GET /v25.0/me/likes', {
      headers: { 'X-App-Usage': JSON.stringify({ call_count: 96, total_time: 10, total_cputime: 3 }) },
      json: { data: [] },
    });
    await source.read({ user } as never, undefined as never, desk);
    const calls = vendor.requests.length;
    await expect(source.read({ user } as never, undefined as never, desk)).rejects.toBeInstanceOf(ComeBackLater);
    expect(vendor.requests).toHaveLength(calls);
  });
});

describe('the leads of a form', () => {
  it('are read again under the ids the webhook gives them', async () => {
    await using vendor = await fakeVendor();
    const lead = (id: string) => ({
      id,
      created_time: '2026-11-21T09:00:30+0000',
      field_data: [{ name: 'email', values: ['a@example.jp'] }],
    });
    vendor.on('GET /v25.0/99/leads', ({ query }) => ({
      json:
        query.after === undefined
          ? { data: [lead('1'), lead('2')], paging: { next: `${vendor.url}/v25.0/99/leads?after=2` } }
          : { data: [lead('3')] },
    }));
    const plugin = pluginFor(vendor);
    const drafts = await backfillReaderOf(plugin, 'leads')({ page: '104', form: '99' }, deskFor(vendor));
    expect(drafts.map(({ id }) => id)).toEqual(['lead:1', 'lead:2', 'lead:3']);
    expect(sourceOf(plugin, 'leads', 'backfill').sameAs).toBe('updates');
  });
});
