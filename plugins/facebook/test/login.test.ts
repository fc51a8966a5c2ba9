import { GiveUp } from '@enishi/plugin-sdk';
import { fakeVendor } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { readBirthday } from '../src/login/profile.ts';
import { answerFor, departure, deskFor, link, loginOf, plain, pluginFor, returned } from './graph.ts';

const taro = {
  id: '10203040506070809',
  granted: ['public_profile', 'email', 'user_likes'],
  declined: ['user_birthday', 'user_friends'],
  profile: { first_name: '太郎', last_name: '山田', email: 'taro@example.jp' },
};

it('sends the person to the dialog with our state and the permissions of the settings', async () => {
  await using vendor = await fakeVendor();
  const url = new URL(await loginOf(pluginFor(vendor)).depart(departure, deskFor(vendor)));
  expect(url.origin + url.pathname).toBe('https://www.facebook.com/v25.0/dialog/oauth');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: '4711',
    redirect_uri: departure.returnUrl,
    state: 'state-1',
    response_type: 'code',
    scope: 'public_profile,email,user_birthday,user_likes,user_posts,user_friends',
  });
});

describe('coming back', () => {
  it('ties the account to the person, with a consent for each permission as they decided', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    const { drafts, backfill } = await link(pluginFor(vendor), vendor, { person: taro, desk });
    const [draft] = drafts;
    expect(plain(draft)).toMatchObject({
      type: 'facebook.account_linked',
      identifiers: { user: 'taro', email: 'taro@example.jp', 'facebook.user': taro.id },
      properties: { user_id: taro.id, granted: taro.granted, declined: taro.declined },
      traits: [
        { trait: 'facebook.firstName', value: '太郎' },
        { trait: 'facebook.lastName', value: '山田' },
      ],
    });
    expect(draft?.consents?.map(({ purpose, scope, state }) => [purpose, scope, state])).toEqual([
      ['personalisation', 'facebook.basic', 'GIVEN'],
      ['personalisation', 'facebook.email', 'GIVEN'],
      ['personalisation', 'facebook.likes', 'GIVEN'],
      ['personalisation', 'facebook.birthday', 'REFUSED'],
      ['personalisation', 'facebook.friends', 'REFUSED'],
    ]);
    expect(draft?.consents?.[0]?.evidence).toMatchObject({ by: 'Facebook Login', app_id: '4711', permission: 'public_profile' });
    expect(backfill).toEqual({ source: 'history', options: { user: taro.id } });
  });

  it('keeps the long-lived token as a secret, and asks only for fields that are permitted', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    await link(pluginFor(vendor), vendor, { person: taro, desk });
    expect(desk.kept()).toMatchObject({ [`token:${taro.id}`]: { secret: true } });
    expect(await desk.state.get(`token:${taro.id}`)).toBe(`long-${taro.id}`);
    const me = vendor.requests.find(({ path }) => path === '/v25.0/me');
    expect(me?.query.fields).toBe('id,first_name,last_name,email');
    expect(me?.query.appsecret_proof).toMatch(/^[0-9a-f]{64}$/);
    const exchange = vendor.requests.find(({ query }) => query.code !== undefined);
    expect(exchange?.query).toMatchObject({ client_id: '4711', redirect_uri: departure.returnUrl });
  });

  it('works also while the reading in the background rests', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    await desk.state.set('graph-resting', true);
    const { drafts } = await link(pluginFor(vendor), vendor, { person: taro, desk });
    expect(drafts).toHaveLength(1);
  });

  it('gives the same event where the same code comes back twice', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    const plugin = pluginFor(vendor);
    const once = await link(plugin, vendor, { person: taro, desk });
    const twice = await link(plugin, vendor, { person: taro, desk });
    expect(twice.drafts[0]?.id).toBe(once.drafts[0]?.id);
  });

  it.each([
    ['another app', { app_id: '666', user_id: '1', is_valid: true }],
    ['nobody any more', { app_id: '4711', user_id: '1', is_valid: false }],
  ])('refuses a token that was made for %s', async (_, data) => {
    await using vendor = await fakeVendor();
    answerFor(vendor, taro);
    vendor.on('GET /v25.0/debug_token', { json: { data } });
    const desk = deskFor(vendor);
    await expect(loginOf(pluginFor(vendor)).arrive(returned({ code: 'c' }), departure, desk)).rejects.toBeInstanceOf(GiveUp);
    expect(desk.kept()).toEqual({});
  });

  it('connects nothing where the person said no', async () => {
    await using vendor = await fakeVendor();
    const back = returned({ error: 'access_denied', error_reason: 'user_denied', state: 'state-1' });
    await expect(loginOf(pluginFor(vendor)).arrive(back, departure, deskFor(vendor))).rejects.toBeInstanceOf(GiveUp);
    expect(vendor.requests).toEqual([]);
  });
});

it.each([
  ['05/01/1990', '1990-05-01'],
  ['05/01', '--05-01'],
  ['1990', '1990'],
  ['1990-05-01', undefined],
  [undefined, undefined],
])('a birthday of %s reads %s', (shown, read) => expect(readBirthday(shown)).toBe(read));
