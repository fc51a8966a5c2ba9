import { ec } from '@enishi/plugin-ec';
import { PluginConfigError } from '@enishi/plugin-sdk';
import { createDesk, signHmac, withHeaders } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { plain, sourcesOf } from './reading.ts';
import { call, cart, checkout, customer, hook, order, product, receive, redact, refund, sign } from './shops/shopify.ts';

describe('the signature', () => {
  const vector = {
    secret: 'shpss_x',
    body: '{"id":820982911946154508,"email":"taro@example.jp"}',
    signature: '2vosVB15Dnu1h1Bq/FmNgj7ojo9AC9uBQfENFG5nScU=',
  };
  const source = sourcesOf({ shopify: { webhookSecret: vector.secret } }).shopify;
  const verify = (headers: Record<string, string>, body = vector.body) =>
    source?.kind === 'webhook' && source.verify(withHeaders(call('orders/create', body), headers), createDesk());

  it.each(['X-Shopify-Hmac-Sha256', 'shopify-hmac-sha256'])('is taken from %s', (name) => {
    expect(verify({ [name]: vector.signature })).toBe(true);
    expect(verify({ [name]: vector.signature }, `${vector.body} `)).toBe(false);
    expect(verify({ [name]: vector.signature.slice(1) })).toBe(false);
  });

  it('is missed', () => expect(verify({})).toBe(false));
});

describe('an order', () => {
  it('becomes the typed event, its money exact, its ids whole, its consent dated when it was given', async () => {
    const [placed, consent, ...others] = await receive('orders/create', order);
    expect(plain(placed)).toMatchObject({
      type: 'ec.order_completed',
      id: 'order:5778367414385',
      at: '2026-11-19T18:27:17.000Z',
      identifiers: {
        'ec.customer': '7188389789809',
        'ec.order': '5778367414385',
        email: 'taro@example.jp',
        phone: '+819012345678',
        anonymous: 'cart:Z2NwLWFzaWE',
      },
      properties: {
        order_id: '5778367414385',
        order_name: '#1017',
        total: 3300,
        subtotal: 3000,
        tax: 300,
        currency: 'JPY',
        cart_id: 'Z2NwLWFzaWE',
        products: [{ product_id: '7510929801472', sku: '4901234567894', jan: '4901234567894', quantity: 2, price: 1500 }],
      },
      consents: [],
    });
    expect(plain(consent)).toMatchObject({
      id: 'customer:7188389789809:email-consent:2026-10-01T01:00:00.000Z',
      at: '2026-10-01T01:00:00.000Z',
      consents: [{ purpose: 'marketing', channel: 'email', state: 'GIVEN', evidence: { opt_in_level: 'single_opt_in' } }],
    });
    expect(others).toEqual([]);
  });

  it('that changes says so once, and brings itself where its creation was lost', async () => {
    const ids = (await receive('orders/updated', { ...order, customer: null })).map(({ id }) => id);
    expect(ids).toEqual(['order:5778367414385', 'order:5778367414385:updated:2026-11-19T18:27:20.000Z']);
    expect((await receive('orders/paid', { ...order, customer: null })).map(({ id }) => id)).toEqual(ids);
  });

  it('that is cancelled or deleted is told by its number', async () => {
    const cancelled = await receive('orders/cancelled', { ...order, customer: null, cancelled_at: '2026-11-21T09:00:00+09:00' });
    expect(cancelled.map(({ type }) => type)).toEqual(['ec.order_completed', 'ec.order_cancelled']);
    expect(plain((await receive('orders/delete', { id: order.id }))[0])).toMatchObject({
      type: 'ec.order_cancelled',
      identifiers: { 'ec.order': '5778367414385' },
      properties: { deleted: true },
    });
  });

  it('of a guest who ticked the box is a yes to e-mail; an empty box is nothing', async () => {
    const guest = { ...order, customer: null };
    expect((await receive('orders/create', guest))[0]?.consents).toMatchObject([{ state: 'GIVEN', channel: 'email' }]);
    expect((await receive('orders/create', { ...guest, buyer_accepts_marketing: false }))[0]?.consents).toEqual([]);
  });

  it('with ids of 64 bits keeps every digit', async () => {
    const [placed] = await receive('orders/create', JSON.stringify(order).replace('5778367414385,', '820982911946154508,'));
    expect(placed?.id).toBe('order:820982911946154508');
  });

  it.each([
    ['USD', '19.99', 19.99],
    ['JPY', '600.00', 600],
    ['KWD', '1.234', 1.234],
  ])('in %s of %s', async (currency, total_price, total) => {
    const [placed] = await receive('orders/create', { ...order, currency, total_price });
    expect(placed?.properties).toMatchObject({ currency, total });
  });

  it.each([
    ['half a yen', { total_price: '600.5' }, '600.5 is no amount of JPY'],
    ['no amount', { total_price: 'free' }, 'total_price: "free" is not a number'],
    ['no time', { created_at: 'yesterday' }, 'created_at: Invalid ISO datetime'],
  ])('with %s is quarantined with its reason', async (_, wrong, problem) => {
    const drafts = await receive('orders/create', { ...order, ...wrong });
    expect(drafts).toMatchObject([{ type: 'ec.message_unreadable', properties: { problem } }]);
  });
});

describe('money that goes back', () => {
  it('is what the successful transactions moved, and finds the customer by the order', async () => {
    expect(plain(await receive('refunds/create', refund))).toMatchObject([
      {
        type: 'ec.order_refunded',
        id: 'refund:929361462',
        identifiers: { 'ec.order': '5778367414385' },
        properties: { total: 1500, currency: 'JPY', reason: '破損', products: [{ sku: '4901234567894', quantity: 1 }] },
      },
    ]);
  });
});

describe('carts and checkouts', () => {
  it('a cart names nobody, and its token is that of the order', async () => {
    expect(plain(await receive('carts/update', cart))).toMatchObject([
      { type: 'ec.cart_updated', identifiers: { anonymous: 'cart:Z2NwLWFzaWE' }, properties: { products: [{ quantity: 2 }] } },
    ]);
  });

  it('a checkout begins once; each change is a step', async () => {
    const [created] = await receive('checkouts/create', checkout);
    const updated = await receive('checkouts/update', checkout);
    expect(created).toMatchObject({ type: 'ec.checkout_started', properties: { value: 3300, currency: 'JPY' } });
    expect(updated.map(({ id }) => id)).toEqual([created?.id, `checkout:${checkout.token}:2026-11-19T18:23:00.000Z`]);
  });
});

describe('customers', () => {
  it('register, change and leave', async () => {
    const [registered] = await receive('customers/create', customer);
    const [updated] = await receive('customers/update', customer);
    const [deleted] = await receive('customers/delete', { id: customer.id });
    expect([registered?.type, updated?.type, deleted?.type]).toEqual([
      'ec.customer_registered',
      'ec.customer_updated',
      'ec.customer_deleted',
    ]);
    expect(registered?.traits).toEqual([
      { trait: 'firstName', value: '太郎' },
      { trait: 'lastName', value: '山田' },
    ]);
  });

  it('who are merged leave an account behind; a merge that failed changes nothing', async () => {
    const gid = (id: number) => `gid://shopify/Customer/${id}`;
    const merge = { admin_graphql_api_customer_kept_id: gid(1), admin_graphql_api_customer_deleted_id: gid(2), status: 'completed' };
    expect(await receive('customers/merge', merge)).toMatchObject([
      { type: 'ec.customer_deleted', identifiers: { 'ec.customer': '2' }, properties: { merged_into: '1' } },
    ]);
    expect(await receive('customers/merge', { ...merge, status: 'failed' })).toEqual([]);
  });

  it.each([
    ['subscribed', 'GIVEN'],
    ['unsubscribed', 'WITHDRAWN'],
  ])('who are %s have decided', async (state, decided) => {
    const payload = {
      customer_id: 7188389789809,
      email_address: 'taro@example.jp',
      email_marketing_consent: { state, opt_in_level: 'confirmed_opt_in', consent_updated_at: '2026-11-02T10:00:00Z' },
    };
    expect(plain(await receive('customers_email_marketing_consent/update', payload))).toMatchObject([
      { at: '2026-11-02T10:00:00.000Z', consents: [{ channel: 'email', state: decided, evidence: { state } }] },
    ]);
  });

  it.each(['not_subscribed', 'pending', 'invalid', 'redacted'])('who are %s have not', async (state) => {
    const undecided = { ...customer, email_marketing_consent: { state, consent_updated_at: '2026-11-02T10:00:00Z' } };
    expect((await receive('customers/update', undecided)).flatMap(({ consents = [] }) => consents)).toEqual([]);
  });
});

describe('privacy', () => {
  it('customers/redact takes back every purpose, and an operator reads of it', async () => {
    const desk = createDesk();
    const [request] = await receive('customers/redact', redact, desk);
    expect(plain(request)).toMatchObject({
      type: 'ec.erasure_requested',
      identifiers: { 'ec.customer': '7188389789809', email: 'taro@example.jp' },
      properties: { shop: 'demo.myshopify.com', orders: ['5778367414385'] },
    });
    expect(request?.consents?.map(({ purpose, channel, state }) => [purpose, channel, state])).toEqual(
      ['service', 'analytics', 'marketing', 'advertising', 'personalisation'].map((purpose) => [purpose, '*', 'WITHDRAWN']),
    );
    expect(desk.logged).toMatchObject([{ level: 'warn', message: 'Shopify asks by customers/redact: to be done within 30 days' }]);
  });

  it('shop/redact is nobody in particular, and kept', async () => {
    const [request] = await receive('shop/redact', { shop_id: 954889, shop_domain: 'demo.myshopify.com' });
    expect(request).toMatchObject({ type: 'ec.erasure_requested', identifiers: { anonymous: 'shop:demo.myshopify.com' }, consents: [] });
  });

  it('customers/data_request is told by its own number', async () => {
    const { orders_to_redact, ...known } = redact;
    const [request] = await receive('customers/data_request', { ...known, orders_requested: orders_to_redact, data_request: { id: 9999 } });
    expect(request).toMatchObject({
      type: 'ec.data_requested',
      id: 'privacy:customers/data_request:9999',
      properties: { request_id: '9999' },
    });
    expect(request?.consents).toBeUndefined();
  });
});

describe('calls', () => {
  it('are known by topic and event id, in both spellings; a retry has the same', () => {
    const older = call('orders/create', order);
    const newer = { ...older, headers: { 'shopify-topic': 'orders/create', 'shopify-event-id': 'e-1' } };
    expect([hook().callId?.(older), hook().callId?.(newer)]).toEqual(['orders/create:e-1', 'orders/create:e-1']);
    expect(hook().callId?.(call('orders/paid', order))).toBe('orders/paid:e-1');
  });

  it('of a topic nobody knows are quarantined, not lost', async () => {
    const drafts = await receive('orders_of_the_day/create', order);
    expect(drafts).toMatchObject([
      { type: 'ec.message_unreadable', properties: { problem: 'topic: "orders_of_the_day/create" is none this plugin knows' } },
    ]);
  });

  it('that the app was uninstalled are for an operator to read', async () => {
    const desk = createDesk();
    expect(await receive('app/uninstalled', { id: 954889 }, desk)).toEqual([]);
    expect(desk.logged).toMatchObject([{ level: 'warn' }]);
  });

  it('may be signed with a secret that is not ours', async () => {
    const forged = signHmac({ header: 'X-Shopify-Hmac-Sha256', secret: 'other', encoding: 'base64' })(call('orders/create', order));
    expect(await hook().verify(forged, createDesk())).toBe(false);
    expect(await hook().verify(sign(call('orders/create', order)), createDesk())).toBe(true);
  });
});

it('products are kept in the catalogue; an older message changes nothing, a variant that is gone is off sale', async () => {
  const desk = createDesk();
  const kept = (sku: string) => desk.state.get<Record<string, unknown>>(`public/product::${sku}`);
  expect(await receive('products/create', product, desk)).toEqual([]);
  expect(await kept('TEA-100')).toMatchObject({ name: '有機緑茶 100g', price: 1500, jan: '4901234567894', onSale: true });
  // An in-store code means another product in each store: it joins nothing.
  expect((await kept('TEA-200'))?.jan).toBeUndefined();

  await receive('products/update', { ...product, title: 'old', updated_at: '2026-11-01T10:00:00+09:00' }, desk);
  expect((await kept('TEA-100'))?.name).toBe('有機緑茶 100g');

  await receive('products/update', { ...product, variants: [product.variants[0]], updated_at: '2026-11-20T10:00:00+09:00' }, desk);
  expect([(await kept('TEA-100'))?.onSale, (await kept('TEA-200'))?.onSale]).toEqual([true, false]);

  await receive('products/delete', { id: product.id }, desk);
  expect((await kept('TEA-100'))?.onSale).toBe(false);
});

it('two shop systems need names of their own', () => {
  const woocommerce = { url: 'https://woo.example', consumerKey: 'k', consumerSecret: 's', webhookSecret: 'w' };
  expect(() => ec({ shopify: { webhookSecret: 's' }, woocommerce })).toThrow(PluginConfigError);
  expect(() => ec({ shopify: { webhookSecret: 's', shop: 'a' }, woocommerce: { ...woocommerce, shop: 'b' } })).not.toThrow();
});
