import { entered, visited } from '@enishi/plugin-foursquare';
import type { Rule } from '@enishi/plugin-sdk';
import { createTestEnishi, type FakeVendor, fakeVendor, type TestEnishi } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { answerHistory, checkin, coffeeShop, movementSecret, pluginFor, pushSecret, tokyoTower, user, v2 } from './setup.ts';

const house = (vendor: FakeVendor) =>
  createTestEnishi({ plugins: [pluginFor(vendor)], config: { secretKey: 'a-key-for-tests-that-has-32-characters' } });

const push = (enishi: TestEnishi, sent: object) =>
  enishi.http
    .post('/hooks/foursquare/push')
    .type('form')
    .send({ checkin: JSON.stringify(sent), user: JSON.stringify(user), secret: pushSecret })
    .expect(200);

const arrive = (enishi: TestEnishi, sent: object) =>
  enishi.http
    .post('/hooks/foursquare/movement')
    .set('Pilgrim-Secret', movementSecret)
    .send({ timestamp: Date.now(), confidence: 'high', userInfo: { userId: 'taro-1' }, ...sent })
    .expect(200);

const today = (number: number) => ({ ...checkin(number), createdAt: Math.floor(Date.now() / 1000) - number });

const matching = async (enishi: TestEnishi, rule: Rule): Promise<number | undefined> => {
  const query = 'query ($rule: JSON!) { customers(rule: $rule) { nodes { id } } }';
  const { data, errors } = await enishi.graphql<{ customers: { nodes: unknown[] } }>('marketer', query, { rule });
  expect(errors).toBeUndefined();
  return data?.customers.nodes.length;
};

describe('rules over places', () => {
  it('know the kind of place, the place itself, the city, and how often', async () => {
    await using vendor = await fakeVendor();
    await using enishi = await house(vendor);
    for (const number of [1, 2, 2]) await push(enishi, today(number));
    const holds = [
      visited({ category: coffeeShop }),
      visited({ category: ['x', coffeeShop] }),
      visited({ categoryName: 'Coffee Shop' }),
      visited({ venue: tokyoTower.venue.id, within: 'P1D' }),
      visited({ city: '港区', category: coffeeShop, within: 'P1D', times: 2 }),
    ];
    const fails = [visited({ category: 'x' }), visited({ city: '渋谷区' }), visited({ category: coffeeShop, times: 3 })];
    for (const rule of holds) expect(await matching(enishi, rule), JSON.stringify(rule)).toBe(1);
    for (const rule of fails) expect(await matching(enishi, rule), JSON.stringify(rule)).toBe(0);
  });

  it('know what phones notice, and areas', async () => {
    await using vendor = await fakeVendor();
    await using enishi = await house(vendor);
    await arrive(enishi, { pilgrimVisitId: 'v-1', visitType: 'arrival', locationType: 'venue', venues: [tokyoTower.venue] });
    await arrive(enishi, { geofenceId: 'ginza', geofenceEventType: 'enter' });
    expect(await matching(enishi, visited({ venue: tokyoTower.venue.id, within: 'PT1H' }))).toBe(1);
    expect(await matching(enishi, entered({ geofence: 'ginza', within: 'PT1H' }))).toBe(1);
    expect(await matching(enishi, entered({ geofence: 'shibuya' }))).toBe(0);
  });

  it('move a live segment at the moment of the check-in', async () => {
    await using vendor = await fakeVendor();
    await using enishi = await house(vendor);
    await using changes = await enishi.subscribe<{ segmentChanges: { change: string } }>(
      'marketer',
      'subscription { segmentChanges(segment: "foursquare-visitors-30-days", heartbeats: true) { change } }',
    );
    expect(await changes.next()).toEqual({ segmentChanges: { change: 'CURRENT' } });
    await push(enishi, today(1));
    expect(await changes.next()).toEqual({ segmentChanges: { change: 'ENTERED' } });
  });
});

describe('a connected account', () => {
  const shown = `{ customerBy(identity: { namespace: "foursquare.user", value: "${user.id}" }) {
    foursquareCheckins(first: 2) { venueName categories city at }
    foursquareVisits { venueName }
    traits(keys: ["foursquare.interests"]) { value }
    consentRecords { scope state }
  } }`;

  it('brings its history, which counts nothing twice that was pushed', async () => {
    await using vendor = await fakeVendor();
    await using enishi = await house(vendor);
    await push(enishi, checkin(7));
    const hidden = await enishi.graphql<{ customerBy: { foursquareCheckins: unknown } }>('front-end', shown);
    expect(hidden.data?.customerBy.foursquareCheckins).toBeNull();
    answerHistory(
      vendor,
      Array.from({ length: 120 }, (_, number) => checkin(number)),
    );
    vendor.on('GET /oauth2/access_token', { json: { access_token: 'user-token-1709193' } });
    vendor.on('GET /v2/users/self', v2({ user }));
    const { data } = await enishi.graphql<{ createAccountLink: { url: string } }>(
      'front-end',
      `mutation { createAccountLink(source: "foursquare.login", identifiers: [{ namespace: "member", value: "4901" }]) { ... on AccountLink { url } } }`,
    );
    const state = new URL(data?.createAccountLink.url ?? '').searchParams.get('state') ?? '';
    await enishi.http.get('/links/foursquare/login/return').query({ state, code: 'c' }).expect(200);
    await enishi.server.plugins.settle();
    const { data: after, errors } = await enishi.graphql('front-end', shown);
    expect(errors).toBeUndefined();
    expect(after).toMatchObject({
      customerBy: {
        foursquareCheckins: [{ venueName: '東京タワー', categories: ['Coffee Shop'], city: '港区' }, {}],
        foursquareVisits: [],
        traits: [{ value: ['Coffee Shop'] }],
        consentRecords: [{ state: 'GIVEN' }, { state: 'GIVEN' }],
      },
    });
    expect(await matching(enishi, visited({ category: coffeeShop, times: 120 }))).toBe(1);
    expect(await matching(enishi, visited({ category: coffeeShop, times: 121 }))).toBe(0);
  });
});

it('a push with another secret is refused and stored nowhere', async () => {
  await using vendor = await fakeVendor();
  await using enishi = await house(vendor);
  const form = { checkin: JSON.stringify(today(1)), user: JSON.stringify(user), secret: 'GUESS' };
  await enishi.http.post('/hooks/foursquare/push').type('form').send(form).expect(401);
  expect(await matching(enishi, visited())).toBe(0);
});
