import * as shop from '@enishi/plugin-ec';
import { ec } from '@enishi/plugin-ec';
import { describe, expect, it } from 'vitest';

const { events } = ec({});
const tracked = new Map(events.flatMap((event) => event.trackedAs.map((name) => [name, event] as const)));

// The events of the e-commerce spec V2 and the properties it names.
const product = {
  product_id: 'p1',
  sku: 's1',
  category: 'Tea',
  name: 'Sencha',
  brand: 'Uji',
  variant: '100g',
  price: 1500,
  quantity: 2,
  coupon: 'SPRING',
  position: 1,
  url: 'https://shop.example/p1',
  image_url: 'https://shop.example/p1.jpg',
};
const products = [product];
const order = {
  order_id: 'o1',
  affiliation: 'web',
  total: 3300,
  revenue: 3000,
  shipping: 0,
  tax: 300,
  discount: 0,
  coupon: 'SPRING',
  currency: 'JPY',
  products,
};
const step = { checkout_id: 'c1', step: 2, shipping_method: 'post', payment_method: 'card' };
const spec: Record<string, Record<string, unknown>> = {
  'Products Searched': { query: '緑茶' },
  'Product List Viewed': { list_id: 'l1', category: 'Tea', products },
  'Product List Filtered': {
    list_id: 'l1',
    category: 'Tea',
    filters: [{ type: 'brand', value: 'Uji' }],
    sorts: [{ type: 'price', value: 'desc' }],
    products,
  },
  'Promotion Viewed': { promotion_id: 'p', creative: 'top', name: '75% off', position: 'home_1' },
  'Promotion Clicked': { promotion_id: 'p', creative: 'top', name: '75% off', position: 1 },
  'Product Clicked': product,
  'Product Viewed': { ...product, currency: 'JPY', value: 1500 },
  'Product Added': { cart_id: 'c', ...product },
  'Product Removed': { cart_id: 'c', ...product },
  'Cart Viewed': { cart_id: 'c', products },
  'Checkout Started': { ...order, value: 3300 },
  'Checkout Step Viewed': step,
  'Checkout Step Completed': step,
  'Payment Info Entered': { ...step, order_id: 'o1' },
  'Order Updated': order,
  'Order Completed': { ...order, checkout_id: 'c1', subtotal: 3000 },
  'Order Refunded': { order_id: 'o1', total: 1500, currency: 'JPY', products },
  'Order Cancelled': order,
  'Coupon Entered': { order_id: 'o1', cart_id: 'c', coupon_id: 'k' },
  'Coupon Applied': { order_id: 'o1', cart_id: 'c', coupon_id: 'k', coupon_name: 'Spring', discount: 500 },
  'Coupon Denied': { order_id: 'o1', cart_id: 'c', coupon_id: 'k', coupon_name: 'Spring', reason: 'expired' },
  'Coupon Removed': { order_id: 'o1', cart_id: 'c', coupon_id: 'k', coupon_name: 'Spring', discount: 500 },
  'Product Added to Wishlist': { wishlist_id: 'w', wishlist_name: 'Later', ...product },
  'Product Removed from Wishlist': { wishlist_id: 'w', wishlist_name: 'Later', ...product },
  'Wishlist Product Added to Cart': { wishlist_id: 'w', wishlist_name: 'Later', cart_id: 'c', ...product },
  'Product Shared': { share_via: 'email', share_message: 'look', recipient: 'hanako@example.jp', ...product },
  'Cart Shared': {
    share_via: 'email',
    share_message: 'look',
    recipient: 'hanako@example.jp',
    cart_id: 'c',
    products: [{ product_id: 'p1' }],
  },
  'Product Reviewed': { product_id: 'p1', review_id: 'r', review_body: 'おいしい', rating: '5' },
};

describe('the e-commerce spec V2', () => {
  it('has an event type for each of its events and no others', () => {
    expect([...tracked.keys()].sort()).toEqual(Object.keys(spec).sort());
  });

  it.each(Object.entries(spec))('%s takes its properties as they are', (name, properties) => {
    expect(tracked.get(name)?.schema.safeParse(properties)).toEqual({ success: true, data: properties });
  });

  it('names each event after the spec', () => {
    for (const [name, event] of tracked) expect(event.eventName).toBe(`ec.${name.toLowerCase().replaceAll(' ', '_')}`);
  });
});

describe('schemas', () => {
  const { schema } = shop.orderCompleted;

  it('keep fields they do not know', () => {
    const properties = { order_id: 'o1', gift: true, products: [{ product_id: 'p', engraving: '縁' }] };
    expect(schema.parse(properties)).toEqual(properties);
  });

  it.each([
    ['a number for an order id', { order_id: 1 }],
    ['no order id', { total: 1 }],
    ['a text for money', { order_id: 'o', total: '3300' }],
    ['money out of all bounds', { order_id: 'o', total: 1e12 }],
    ['an infinite amount', { order_id: 'o', total: Number.POSITIVE_INFINITY }],
    ['no number', { order_id: 'o', total: Number.NaN }],
    ['a currency that is none', { order_id: 'o', currency: 'yen' }],
    ['products that are no list', { order_id: 'o', products: { product_id: 'p' } }],
    ['a price as text', { order_id: 'o', products: [{ price: '12.50' }] }],
    ['an id of 10,000 characters', { order_id: 'x'.repeat(10_000) }],
  ])('refuse %s', (_, properties) => {
    expect(schema.safeParse(properties).success).toBe(false);
  });
});
