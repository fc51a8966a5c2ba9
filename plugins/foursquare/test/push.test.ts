import { checkedIn } from '@enishi/plugin-foursquare';
import { createDesk, fakeVendor, rawRequest } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { alone, checkin, coffeeShop, form, plain, pluginFor, pushed, pushSecret, tokyoTower, user, webhookOf } from './setup.ts';

const desk = () => createDesk();

describe('the secret', () => {
  const push = webhookOf(alone(), 'push');

  it('is taken from a form and from JSON', async () => {
    expect(await push.verify(form(tokyoTower), desk())).toBe(true);
    expect(await push.verify(rawRequest({ json: { secret: pushSecret, checkin: tokyoTower } }), desk())).toBe(true);
  });

  it.each([
    ['another', form(tokyoTower, 'GUESS')],
    ['half of it', form(tokyoTower, pushSecret.slice(0, 5))],
    ['none', rawRequest({ form: { checkin: '{}' } })],
    ['none in JSON', rawRequest({ json: { checkin: {} } })],
    ['no text', rawRequest({ json: { secret: 1 } })],
    ['something else', rawRequest({ body: 'null', headers: { 'content-type': 'application/json' } })],
    ['nothing', rawRequest()],
  ])('is refused: %s', async (_, request) => expect(await push.verify(request, desk())).toBe(false));

  it('is needed: without one there is no push', () => {
    expect(() => webhookOf(alone({ pushSecret: undefined }), 'push')).toThrow('no webhook "push"');
  });
});

describe('a check-in', () => {
  it('is the typed event, with a place that rules can name', async () => {
    const [draft, ...rest] = await pushed(alone(), form(tokyoTower), desk());
    expect(rest).toEqual([]);
    expect(plain(draft)).toEqual({
      type: 'foursquare.checked_in',
      id: 'checkin:5f2a1b3c4d5e6f708192a3b4',
      at: '2026-11-21T18:27:17.000Z',
      identifiers: { 'foursquare.user': '1709193' },
      properties: {
        checkin_id: '5f2a1b3c4d5e6f708192a3b4',
        venue: {
          id: '4b4429abf964a520a80f25e3',
          name: '東京タワー',
          categories: [{ id: '4bf58dd8d48988d12d941735', name: 'Monument' }],
          city: '港区',
          state: '東京都',
          postal_code: '105-0011',
          country: 'JP',
          lat: 35.659,
          lng: 139.745,
        },
        shout: '昼休み',
        visibility: 'public',
        time_zone_offset: 540,
      },
      traits: [
        { trait: 'foursquare.interests', value: ['Monument'] },
        { trait: 'foursquare.interestIds', value: ['4bf58dd8d48988d12d941735'] },
      ],
    });
  });

  it('is the same from a form and from JSON', async () => {
    const json = rawRequest({ json: { secret: pushSecret, user, checkin: tokyoTower } });
    expect(await pushed(alone(), json, desk())).toEqual(await pushed(alone(), form(tokyoTower), desk()));
  });

  it.each([
    [null, {}],
    [0, { lat: 36, lng: 140 }],
    [6, { lat: 35.6586, lng: 139.7454 }],
  ])('keeps %s decimals of its coordinates', async (decimals, point) => {
    const [draft] = await pushed(alone({ decimals }), form(tokyoTower), desk());
    const { lat, lng } = checkedIn.schema.parse(draft?.properties).venue ?? {};
    expect(plain({ lat, lng })).toEqual(point);
  });

  it.each([
    ['marked so', { private: true }],
    ['seen by nobody', { visibility: 'private' }],
  ])('that is private (%s) is dropped unless it is wanted', async (_, sent) => {
    const request = form({ ...tokyoTower, ...sent });
    expect(await pushed(alone(), request, desk())).toEqual([]);
    expect(await pushed(alone({ privateCheckins: 'keep' }), request, desk())).toHaveLength(1);
  });

  it('may be nowhere', async () => {
    const [draft] = await pushed(alone(), form({ ...tokyoTower, venue: undefined }), desk());
    expect(draft?.properties).toMatchObject({ checkin_id: tokyoTower.id, venue: undefined });
    expect(draft?.traits).toEqual([]);
  });

  it.each([
    ['no JSON', { checkin: '{"id":' }],
    ['no time', { checkin: JSON.stringify({ id: 'a' }) }],
    ['a list', { checkin: '[]' }],
  ])('that is none (%s) is refused', (_, sent) => {
    expect(webhookOf(alone(), 'push').body.safeParse({ secret: pushSecret, ...sent }).success).toBe(false);
  });

  it('of a venue push (a like, a tip) is none', async () => {
    const request = rawRequest({ form: { secret: pushSecret, like: '{}', user: JSON.stringify(user) } });
    expect(await pushed(alone(), request, desk())).toEqual([]);
  });
});

describe('interests', () => {
  const museum = { id: '4bf58dd8d48988d181941735', name: 'Museum' };
  const interestsIn = async (all: readonly object[], settings = {}) => {
    const own = desk();
    const drafts = [];
    for (const sent of all) drafts.push(...(await pushed(alone(settings), form(sent), own)));
    return drafts.at(-1)?.traits?.map(({ value }) => value);
  };

  it('are the kinds of place somebody is at most', async () => {
    expect(await interestsIn([checkin(1, museum), checkin(2), checkin(3)])).toEqual([
      ['Coffee Shop', 'Museum'],
      [coffeeShop, museum.id],
    ]);
  });

  it('count a check-in once that is sent again', async () => {
    expect(await interestsIn([checkin(1), checkin(2, museum), checkin(3, museum), checkin(1), checkin(1), checkin(1)])).toEqual([
      ['Museum', 'Coffee Shop'],
      [museum.id, coffeeShop],
    ]);
  });

  it('are as many as the settings say', async () => {
    expect(await interestsIn([checkin(1, museum), checkin(2), checkin(3)], { topCategories: 1 })).toEqual([['Coffee Shop'], [coffeeShop]]);
  });
});

it('reaches nothing while it takes in', async () => {
  await using vendor = await fakeVendor();
  await pushed(pluginFor(vendor), form(tokyoTower), createDesk({ hosts: [vendor.host] }));
  expect(vendor.requests).toEqual([]);
});
