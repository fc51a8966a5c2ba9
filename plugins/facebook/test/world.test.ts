import { createTestEnishi, type FakeVendor, fakeVendor, rawRequest, signedRequest, type TestEnishi } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { answerFor, appSecret, pluginFor, signed } from './graph.ts';

const secretKey = 'a-key-for-tests-that-has-32-characters';
const permitted = ['public_profile', 'user_likes', 'user_friends'];

const house = (vendor: FakeVendor) => createTestEnishi({ plugins: [pluginFor(vendor)], config: { secretKey } });

/** The whole journey: the front end asks for the address, the browser goes there and comes back, the history is read. */
async function connect(
  enishi: TestEnishi,
  vendor: FakeVendor,
  person: { id: string; friends: readonly string[]; granted?: readonly string[] },
) {
  answerFor(vendor, { granted: permitted, ...person });
  vendor.on('GET /v25.0/me/likes', {
    json: { data: [{ id: '900', name: '喫茶縁', category: 'Coffee shop', created_time: '2025-05-01T00:00:00+0000' }] },
  });
  const { data, errors } = await enishi.graphql<{ createAccountLink: { url: string } }>(
    'front-end',
    `mutation ($member: String!) {
      createAccountLink(source: "facebook.login", identifiers: [{ namespace: "member", value: $member }]) { ... on AccountLink { url } }
    }`,
    { member: `M${person.id}` },
  );
  expect(errors).toBeUndefined();
  const state = new URL(data?.createAccountLink.url ?? '').searchParams.get('state') ?? '';
  await enishi.http.get('/links/facebook/login/start').query({ state }).expect(302);
  await enishi.http
    .get('/links/facebook/login/return')
    .query({ state, code: `code-${person.id}-${state}` })
    .expect(200);
  await enishi.server.plugins.settle();
}

interface Shown {
  readonly customerBy: {
    readonly facebookPermissions: { granted: string[]; declined: string[] } | null;
    readonly facebookLikes: { name: string }[] | null;
    readonly facebookFriends: { identities: { namespace: string; value: string }[] }[] | null;
    readonly consentRecords: { scope: string; state: string }[];
  };
}

const look = async (enishi: TestEnishi, id: string) => {
  const { data, errors } = await enishi.graphql<Shown>(
    'front-end',
    `query ($member: String!) {
      customerBy(identity: { namespace: "member", value: $member }) {
        facebookPermissions { granted declined }
        facebookLikes { name }
        facebookFriends { identities { namespace value } }
        consentRecords { scope state }
      }
    }`,
    { member: `M${id}` },
  );
  expect(errors).toBeUndefined();
  return data?.customerBy;
};

const friendsOf = async (enishi: TestEnishi, id: string) =>
  (await look(enishi, id))?.facebookFriends?.map(({ identities }) => identities.find(({ namespace }) => namespace === 'member')?.value);

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

/** Facebook tells what somebody changed in its settings. */
const notify = async (enishi: TestEnishi, id: string, { verb = 'revoked', time = inSeconds(5), permissions }: Notice) => {
  const changes = permissions.map((field) => ({ field, value: { verb } }));
  const json = { object: 'permissions', entry: [{ id, time, changes }] };
  const { headers, body } = signed(rawRequest({ json }));
  await enishi.http
    .post('/hooks/facebook/updates')
    .set(headers as Record<string, string>)
    .send(Buffer.from(body).toString())
    .expect(200, 'ok');
  await enishi.server.plugins.settle();
};

interface Notice {
  readonly permissions: readonly string[];
  readonly verb?: string;
  readonly time?: number;
}

it('a connected account shows what was permitted, and nothing of what is taken back', async () => {
  await using vendor = await fakeVendor();
  await using enishi = await house(vendor);
  await connect(enishi, vendor, { id: '1001', friends: [] });
  const before = await look(enishi, '1001');
  expect(before).toMatchObject({ facebookPermissions: { granted: permitted }, facebookLikes: [{ name: '喫茶縁' }], facebookFriends: [] });
  await notify(enishi, '1001', { permissions: ['user_likes'] });
  const after = await look(enishi, '1001');
  expect(after).toMatchObject({ facebookLikes: null, facebookPermissions: { declined: ['user_likes'] } });
  expect(after?.consentRecords[0]).toEqual({ scope: 'facebook.likes', state: 'WITHDRAWN' });
});

it('a notice that comes late or out of turn brings nothing back and takes nothing away', async () => {
  await using vendor = await fakeVendor();
  await using enishi = await house(vendor);
  await connect(enishi, vendor, { id: '1001', friends: [] });
  const shown = async () => (await look(enishi, '1001'))?.facebookPermissions;
  await notify(enishi, '1001', { permissions: ['connected'], time: inSeconds(-3600) });
  expect(await shown()).toEqual({ granted: permitted, declined: [] });
  await notify(enishi, '1001', { permissions: ['user_friends'], time: inSeconds(60) });
  await notify(enishi, '1001', { permissions: ['user_likes'], time: inSeconds(30) });
  expect(await shown()).toEqual({ granted: ['public_profile'], declined: ['user_friends', 'user_likes'] });
  await notify(enishi, '1001', { permissions: ['user_likes', 'user_friends'], verb: 'granted', time: inSeconds(45) });
  expect(await shown()).toEqual({ granted: ['public_profile', 'user_likes'], declined: ['user_friends'] });
});

it('friends are shown only while both permit it', async () => {
  await using vendor = await fakeVendor();
  await using enishi = await house(vendor);
  await connect(enishi, vendor, { id: '1001', friends: ['1002', '1003'] });
  expect(await friendsOf(enishi, '1001')).toEqual([]);
  await connect(enishi, vendor, { id: '1002', friends: ['1001', '1003'] });
  await connect(enishi, vendor, { id: '1003', friends: ['1001', '1002'], granted: ['public_profile', 'user_likes'] });
  expect(await friendsOf(enishi, '1001')).toEqual(['M1002']);
  expect(await friendsOf(enishi, '1002')).toEqual(['M1001']);
  expect(await friendsOf(enishi, '1003')).toBeUndefined();
  await notify(enishi, '1002', { permissions: ['user_friends'] });
  expect(await friendsOf(enishi, '1001')).toEqual([]);
  expect(await friendsOf(enishi, '1002')).toBeUndefined();
});

it('who asks for deletion gets a code and a page, and everything is taken back', async () => {
  await using vendor = await fakeVendor();
  await using enishi = await house(vendor);
  await connect(enishi, vendor, { id: '1001', friends: [] });
  const issued_at = Math.floor(Date.now() / 1000) + 5;
  const signed_request = signedRequest({ algorithm: 'HMAC-SHA256', issued_at, user_id: '1001' }, appSecret);
  const answer = await enishi.http.post('/hooks/facebook/deletion').type('form').send({ signed_request }).expect(200);
  const { url, confirmation_code } = answer.body as { url: string; confirmation_code: string };
  const { pathname, search } = new URL(url);
  const page = await enishi.http.get(pathname + search).expect(200);
  expect(page.text).toContain(confirmation_code);
  expect(page.text).not.toContain('1001');
  const shown = await look(enishi, '1001');
  expect(shown).toMatchObject({ facebookLikes: null, facebookFriends: null, facebookPermissions: { granted: [] } });
  const { data } = await enishi.graphql<{ segment: { size: number } }>(
    'front-end',
    `{ segment(key: "facebook-deletion-requested") { size } }`,
  );
  expect(data?.segment.size).toBe(1);
  await enishi.http
    .post('/hooks/facebook/deletion')
    .type('form')
    .send({ signed_request: signed_request.replace('.', 'x.') })
    .expect(401);
});

it('facebook sets the webhook up', async () => {
  await using vendor = await fakeVendor();
  await using enishi = await house(vendor);
  const asked = { 'hub.mode': 'subscribe', 'hub.verify_token': 'verify-me-please', 'hub.challenge': '1158201444' };
  const answer = await enishi.http.get('/hooks/facebook/updates').query(asked).expect(200);
  expect(answer.text).toBe('1158201444');
  await enishi.http
    .get('/hooks/facebook/updates')
    .query({ ...asked, 'hub.verify_token': 'guess' })
    .expect(403);
});
