import { customerId, ec, firstName, orderCompleted, points, productViewed } from '@enishi/plugin-ec';
import { did, type EventType, PluginConfigError, where } from '@enishi/plugin-sdk';
import { expect, expectTypeOf, it } from 'vitest';

it('an event carries the type of its properties', () => {
  expectTypeOf(orderCompleted).toExtend<EventType<{ order_id: string; total?: number | undefined }>>();
  expectTypeOf(orderCompleted.schema.parse({ order_id: 'o' }).products?.[0]?.price).toEqualTypeOf<number | undefined>();
  const draft = orderCompleted({ at: new Date(0), identifiers: { 'ec.customer': '1' }, properties: { order_id: 'o', total: 1 } });
  expect(draft.type).toBe('ec.order_completed');
  // @ts-expect-error money is a number
  orderCompleted({ at: new Date(0), identifiers: {}, properties: { order_id: 'o', total: '1' } });
  // @ts-expect-error an order has a number
  orderCompleted({ at: new Date(0), identifiers: {}, properties: { total: 1 } });
});

it('a trait carries the type of its value', () => {
  expect(firstName('太郎')).toEqual({ trait: 'firstName', value: '太郎' });
  // @ts-expect-error points are a number
  points('120');
  // @ts-expect-error a name is not compared with a number
  where(firstName).is(1);
  expect(did(productViewed, { count: { atLeast: 3 } })).toEqual({ event: 'ec.product_viewed', count: { atLeast: 3 } });
});

it('settings are checked when they are given', () => {
  // @ts-expect-error a secret is a text
  expect(() => ec({ webhookSecret: 1 })).toThrow(PluginConfigError);
  expect(() => ec({ shop: 'My Shop' })).toThrow(PluginConfigError);
});

it.each(['0', '00', '-1', '', ' ', 'null', 'guest', 'ゲスト', 'shop:0', 'shop:guest', 'uk:NaN'])('account "%s" is nobody', (raw) => {
  expect(customerId.normalise(raw)).toBeUndefined();
});

it.each([
  ['１２３', '123'],
  ['uk:40021', 'uk:40021'],
  ['1111', '1111'],
])('account "%s" is somebody', (raw, value) => {
  expect(customerId.normalise(raw)).toBe(value);
});
