import { createDesk, rawRequest } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { alone, coffeeShop, movementSecret, plain, tokyoTower, webhookOf } from './setup.ts';

const arrivalTime = 1795285637000;
const arrival = {
  pilgrimVisitId: 'v-1',
  visitType: 'arrival',
  confidence: 'high',
  locationType: 'venue',
  timestamp: arrivalTime + 5000,
  arrivalTime,
  lat: 35.65861,
  lng: 139.74541,
  venues: [tokyoTower.venue, { ...tokyoTower.venue, id: 'another' }],
  userInfo: { userId: 'taro' },
};

const noticed = async (sent: unknown, settings = {}) => {
  const hook = webhookOf(alone(settings), 'movement');
  return hook.receive(hook.body.parse(sent), rawRequest({ json: sent }), createDesk());
};

describe('the secret', () => {
  const hook = webhookOf(alone(), 'movement');
  const json = (secret?: string) => rawRequest({ json: arrival, headers: secret === undefined ? {} : { 'Pilgrim-Secret': secret } });

  it('stands in the header, or in the older form', async () => {
    expect(await hook.verify(json(movementSecret), createDesk())).toBe(true);
    expect(await hook.verify(rawRequest({ form: { json: '{}', secret: movementSecret } }), createDesk())).toBe(true);
  });

  it.each([['guess'], [''], [undefined]])('%j is refused', async (secret) => {
    expect(await hook.verify(json(secret), createDesk())).toBe(false);
  });
});

describe('a visit', () => {
  it('is the typed event of the person the app named, at the most likely place', async () => {
    expect(plain(await noticed(arrival))).toMatchObject([
      {
        type: 'foursquare.place_entered',
        id: 'visit:v-1:arrival',
        at: new Date(arrivalTime).toISOString(),
        identifiers: { user: 'taro' },
        properties: { visit_id: 'v-1', venue: { id: tokyoTower.venue.id, city: '港区' }, lat: 35.659, lng: 139.745 },
      },
    ]);
  });

  it('tells on leaving how long it was', async () => {
    const departureTime = arrivalTime + 25 * 60_000;
    const [draft] = await noticed({ ...arrival, visitType: 'departure', departureTime });
    expect(draft).toMatchObject({ type: 'foursquare.place_left', at: new Date(departureTime), properties: { minutes: 25 } });
  });

  it('may have been noticed afterwards', async () => {
    expect(await noticed({ ...arrival, visitType: 'historical' })).toMatchObject([{ type: 'foursquare.place_visited' }]);
  });

  it.each([
    ['at home', { locationType: 'home' }],
    ['at work', { locationType: 'work' }],
    ['as a guess', { confidence: 'low' }],
    ['as no guess even', { confidence: 'none' }],
    ['nowhere', { venues: [], locationType: 'unknown' }],
  ])('%s is not taken in', async (_, sent) => expect(await noticed({ ...arrival, ...sent })).toEqual([]));

  it('belongs to the namespace of the settings', async () => {
    const settings = { person: { key: 'card', namespace: 'member' } };
    const [draft] = await noticed({ ...arrival, userInfo: { card: 42, userId: 'x' } }, settings);
    expect(draft?.identifiers).toEqual({ member: '42' });
  });

  it('comes in the older form as well', async () => {
    const { userInfo: _, ...rest } = arrival;
    const [draft] = await noticed({ json: JSON.stringify(rest), secret: movementSecret, userId: 'hanako' });
    expect(draft).toMatchObject({ id: 'visit:v-1:arrival', identifiers: { user: 'hanako' } });
  });

  it('comes with flat texts through other pipelines', async () => {
    const [draft] = await noticed({
      visitId: 'v-2',
      visitType: 'arrival',
      confidence: 'medium',
      lat: '35.65861',
      lng: '139.74541',
      timestamp: '2026-11-21T18:27:17Z',
      venueId: 'v',
      venueName: '喫茶縁',
      primaryCategoryId: coffeeShop,
      primaryCategoryName: 'Coffee Shop',
      city: '港区',
      userInfo: { userId: 'taro' },
    });
    expect(draft).toMatchObject({ properties: { venue: { id: 'v', categories: [{ id: coffeeShop }], city: '港区' }, lat: 35.659 } });
  });

  it.each([
    ['no time', {}],
    ['another shape', []],
    ['a time that is none', { ...arrival, timestamp: 'soon' }],
  ])('with %s is refused', (_, sent) => {
    expect(webhookOf(alone(), 'movement').body.safeParse(sent).success).toBe(false);
  });
});

it('a geofence is crossed', async () => {
  const sent = {
    geofenceId: 'ginza',
    geofenceName: '銀座店',
    geofenceEventType: 'dwell',
    timestamp: arrivalTime,
    userInfo: { userId: 'taro' },
  };
  expect(await noticed(sent)).toMatchObject([
    { type: 'foursquare.geofence_crossed', properties: { geofence_id: 'ginza', change: 'dwell' }, identifiers: { user: 'taro' } },
  ]);
});
