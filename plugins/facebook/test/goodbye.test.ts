import { fakeVendor, rawRequest, signedRequest, type TestDesk } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { accountOf, tokenOf } from '../src/account.ts';
import { permitsFriends } from '../src/friends.ts';
import { permissionNames } from '../src/permissions.ts';
import { appSecret, deskFor, link, notified, pluginFor, webhookOf } from './graph.ts';

const user = '218471';
const person = { id: user, granted: ['public_profile', 'user_likes'] };
const later = () => Math.floor(Date.now() / 1000) + 60;
const form = (issued_at: number) =>
  rawRequest({ form: { signed_request: signedRequest({ algorithm: 'HMAC-SHA256', issued_at, user_id: user }, appSecret) } });

type Plugin = ReturnType<typeof pluginFor>;
const call = async (plugin: Plugin, source: string, { desk, issuedAt = later() }: { desk: TestDesk; issuedAt?: number }) => {
  const hook = webhookOf(plugin, source);
  const request = form(issuedAt);
  expect(await hook.verify(request, desk)).toBe(true);
  const body = hook.body.parse(Object.fromEntries(new URLSearchParams(Buffer.from(request.body).toString())));
  return { drafts: await hook.receive(body, request, desk), answer: await hook.answer?.(request, desk) };
};

describe('taking the app out of the account', () => {
  it('takes every permission back and forgets the token', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    const plugin = pluginFor(vendor);
    await link(plugin, vendor, { person, desk });
    const { drafts } = await call(plugin, 'deauthorize', { desk });
    expect(drafts[0]).toMatchObject({ type: 'facebook.deauthorized', identifiers: { 'facebook.user': user } });
    expect(drafts[0]?.consents?.map(({ state }) => state)).toEqual(permissionNames.map(() => 'WITHDRAWN'));
    expect(desk.kept()).not.toHaveProperty(`token:${user}`);
  });

  it('an old call, replayed after the person connected anew, leaves the new connection alone', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    const plugin = pluginFor(vendor);
    await link(plugin, vendor, { person, desk });
    const issuedAt = Math.floor(Date.now() / 1000) - 3600;
    const { drafts } = await call(plugin, 'deauthorize', { desk, issuedAt });
    expect(desk.kept()).toHaveProperty(`token:${user}`);
    expect(drafts[0]?.at).toEqual(new Date(issuedAt * 1000));
  });

  it('is refused unsigned', async () => {
    await using vendor = await fakeVendor();
    const forged = rawRequest({
      form: { signed_request: signedRequest({ algorithm: 'HMAC-SHA256', issued_at: 1, user_id: user }, 'guess') },
    });
    for (const source of ['deauthorize', 'deletion'])
      expect(await webhookOf(pluginFor(vendor), source).verify(forged, deskFor(vendor))).toBe(false);
  });
});

describe('asking for deletion', () => {
  const status = async (plugin: Plugin, desk: TestDesk, id: string) =>
    webhookOf(plugin, 'deletion').page?.(rawRequest({ method: 'GET', query: { id } }), desk);

  it('answers where to look and under which code, the same each time', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    const plugin = pluginFor(vendor);
    const issuedAt = later();
    const { drafts, answer } = await call(plugin, 'deletion', { desk, issuedAt });
    const told = JSON.parse(answer?.body ?? '') as { url: string; confirmation_code: string };
    expect(answer?.contentType).toBe('application/json');
    expect(told.url).toBe(`https://cdp.example/hooks/facebook/deletion?workspace=main&id=${told.confirmation_code}`);
    expect(drafts.map(({ type }) => type)).toContain('facebook.deletion_requested');
    expect((await call(plugin, 'deletion', { desk, issuedAt })).answer).toEqual(answer);
  });

  it('shows the state by the code and never whose it is, until it is done', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    const plugin = pluginFor(vendor);
    const { answer } = await call(plugin, 'deletion', { desk });
    const code = (JSON.parse(answer?.body ?? '') as { confirmation_code: string }).confirmation_code;
    const before = await status(plugin, desk, code);
    expect(before?.body).toContain('削除の手続き中です');
    const printed: string[] = [];
    const { commands = {} } = plugin.setup({ urlOf: String });
    await commands['complete-deletion']?.run({ code } as never, desk, (line) => void printed.push(line));
    const after = await status(plugin, desk, code);
    expect(after?.body).toContain('削除が完了しました');
    expect(printed).toHaveLength(1);
    for (const page of [before, after]) expect(page?.body).not.toContain(user);
  });

  it.each(['', 'ABCDEF', 'F'.repeat(24), '<script>', '../token:218471'])('knows no code %j', async (id) => {
    await using vendor = await fakeVendor();
    const page = await status(pluginFor(vendor), deskFor(vendor), id);
    expect(page?.status).toBe(404);
    expect(page?.body).not.toContain('<script>');
  });

  it('the command says that there is no such code', async () => {
    await using vendor = await fakeVendor();
    const { commands = {} } = pluginFor(vendor).setup({ urlOf: String });
    await expect(commands['complete-deletion']?.run({ code: 'X' } as never, deskFor(vendor), () => {})).rejects.toThrow('no request');
  });
});

describe('changing permissions in the settings of Facebook', () => {
  const changed = (field: string, verb: string, time = later()) => ({
    object: 'permissions',
    entry: [{ id: user, time, changes: [{ field, value: { verb, target_ids: [] } }] }],
  });

  it.each([
    ['revoked', 'WITHDRAWN', ['public_profile']],
    ['granted', 'GIVEN', ['public_profile', 'user_likes']],
  ])('one that is %s is a consent %s', async (verb, state, granted) => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    const plugin = pluginFor(vendor);
    await link(plugin, vendor, { person, desk });
    const drafts = await notified(plugin, changed('user_likes', verb), desk);
    expect(drafts).toMatchObject([
      { type: 'facebook.permissions_changed', properties: { granted }, consents: [{ scope: 'facebook.likes', state }] },
    ]);
  });

  it('the app as a whole is everything', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    const plugin = pluginFor(vendor);
    await link(plugin, vendor, { person, desk });
    const [draft] = await notified(plugin, changed('connected', 'revoked'), desk);
    expect(draft?.properties).toMatchObject({ granted: [] });
    expect(draft?.consents?.map(({ state }) => state)).toEqual(permissionNames.map(() => 'WITHDRAWN'));
    expect(desk.kept()).not.toHaveProperty(`token:${user}`);
  });

  it('without values Facebook is asked what holds now', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    const plugin = pluginFor(vendor);
    await link(plugin, vendor, { person, desk });
    vendor.on('GET /v25.0/me/permissions', { json: { data: [{ permission: 'user_likes', status: 'declined' }] } });
    const body = { object: 'permissions', entry: [{ id: user, time: later(), changed_fields: ['user_likes'] }] };
    expect(await notified(plugin, body, desk)).toMatchObject([{ consents: [{ scope: 'facebook.likes', state: 'WITHDRAWN' }] }]);
  });

  it('a notice from before the person connected leaves the connection alone, and is still told with its date', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    const plugin = pluginFor(vendor);
    await link(plugin, vendor, { person: { ...person, granted: ['public_profile', 'user_friends'] }, desk });
    const time = later() - 3600;
    for (const field of ['connected', 'user_friends']) {
      const drafts = await notified(plugin, changed(field, 'revoked', time), desk);
      expect(drafts).toMatchObject([{ type: 'facebook.permissions_changed', at: new Date(time * 1000) }]);
      expect(drafts[0]?.consents).toContainEqual(expect.objectContaining({ scope: 'facebook.friends', state: 'WITHDRAWN' }));
    }
    expect(await accountOf(desk, user)).toMatchObject({ granted: ['public_profile', 'user_friends'] });
    expect(await tokenOf(desk, user)).toBe(`long-${user}`);
  });

  it.each([
    ['was taken back itself', 'user_friends'],
    ['went with the whole app', 'connected'],
  ])('a permission that %s is not given again by a notice from before', async (_, field) => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    const plugin = pluginFor(vendor);
    await link(plugin, vendor, { person: { ...person, granted: ['public_profile', 'user_friends'] }, desk });
    await notified(plugin, changed(field, 'revoked', later() + 60), desk);
    await notified(plugin, changed('user_friends', 'granted', later()), desk);
    expect(await permitsFriends(desk, user)).toBe(false);
    await notified(plugin, changed('user_friends', 'granted', later() + 120), desk);
    expect(await permitsFriends(desk, user)).toBe(true);
  });

  it('nobody who has gone is connected again by a notice from before', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    const plugin = pluginFor(vendor);
    await link(plugin, vendor, { person, desk });
    await call(plugin, 'deauthorize', { desk, issuedAt: later() + 60 });
    const drafts = await notified(plugin, changed('user_friends', 'granted'), desk);
    expect(drafts).toMatchObject([{ consents: [{ scope: 'facebook.friends', state: 'GIVEN' }] }]);
    expect(await permitsFriends(desk, user)).toBe(false);
  });
});
