import { checkedIn, entered, foursquare, interests, visited } from '@enishi/plugin-foursquare';
import { did, type EventType, PluginConfigError, ruleSchema, where } from '@enishi/plugin-sdk';
import { expect, expectTypeOf, it } from 'vitest';

it('a check-in carries the type of its place', () => {
  expectTypeOf(checkedIn).toExtend<EventType<{ checkin_id: string }>>();
  expectTypeOf(checkedIn.schema.parse({ checkin_id: 'c' }).venue?.categories[0]?.id).toEqualTypeOf<string | undefined>();
  // @ts-expect-error a check-in has an id
  checkedIn({ at: new Date(0), identifiers: {}, properties: { shout: '昼休み' } });
});

it('rules over places are rules', () => {
  for (const rule of [visited(), visited({ category: 'c', within: 'P30D', times: 2 }), entered({ geofence: ['a', 'b'], within: 'PT1H' })])
    expect(ruleSchema.parse(rule)).toEqual(rule);
  // @ts-expect-error a category is an id or several, never none
  visited({ category: [] });
  // @ts-expect-error a list of interests has one to compare, not a list
  where(interests).is(['Coffee Shop']);
  expect(did(checkedIn)).toEqual({ event: 'foursquare.checked_in' });
});

it('settings are checked when they are given', () => {
  const good = { clientId: 'c', clientSecret: 'client-secret' };
  expect(() => foursquare(good)).not.toThrow();
  expect(() => foursquare({ ...good, decimals: 9 })).toThrow(PluginConfigError);
  expect(() => foursquare({ ...good, version: 'v2' })).toThrow('a date such as 20260101');
  // @ts-expect-error a secret is a text
  expect(() => foursquare({ ...good, pushSecret: 1 })).toThrow(PluginConfigError);
});
