import { ec } from '@enishi/plugin-ec';
import { pos } from '@enishi/plugin-pos';
import type { RawRequest } from '@enishi/plugin-sdk';
import { clock, createTestEnishi, fakeVendor, type TestEnishi } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import * as eccube from './shops/eccube.ts';
import * as shopify from './shops/shopify.ts';
import * as woo from './shops/woocommerce.ts';

const now = '2026-11-21T12:00:00Z';

const house = (config: Parameters<typeof ec>[0], time = clock(now)) => createTestEnishi({ plugins: [ec(config), pos({})], now: time.now });

const post = (enishi: TestEnishi, source: string, { headers, body }: RawRequest) =>
  enishi.http
    .post(`/hooks/ec/${source}`)
    .set(headers as Record<string, string>)
    .send(Buffer.from(body).toString());

async function ask<TData>(enishi: TestEnishi, query: string): Promise<TData> {
  const { data, errors } = await enishi.graphql<TData>('operator', query);
  expect(errors).toBeUndefined();
  if (!data) throw new Error('no data');
  return data;
}

interface Bought {
  readonly customerBy: { readonly events: { readonly nodes: readonly { type: string; properties: object }[] } } | null;
}

const typesOf = async (enishi: TestEnishi, value: string): Promise<string[]> => {
  const query = `{ customerBy(identity: { namespace: "ec.customer", value: "${value}" }) { events(first: 50) { nodes { type properties } } } }`;
  return (await ask<Bought>(enishi, query)).customerBy?.events.nodes.map(({ type }) => type) ?? [];
};

describe('Shopify', () => {
  const config = { shopify: { webhookSecret: shopify.secret } };
  const send = (enishi: TestEnishi, topic: string, body: object | string) =>
    post(enishi, 'shopify', shopify.sign(shopify.call(topic, body)));

  it('tells one story of one person: cart, checkout, order, refund, though only some of it names them', async () => {
    await using enishi = await house(config);
    for (const [topic, body] of [
      ['refunds/create', shopify.refund],
      ['carts/update', shopify.cart],
      ['checkouts/create', shopify.checkout],
      ['orders/create', shopify.order],
      ['orders/delete', { id: shopify.order.id }],
    ] as const)
      expect((await send(enishi, topic, body)).body.receipts.map(({ status }: { status: string }) => status)).not.toContain('QUARANTINED');
    expect((await typesOf(enishi, '7188389789809')).toSorted()).toEqual([
      'ec.cart_updated',
      'ec.checkout_started',
      'ec.customer_updated',
      'ec.order_cancelled',
      'ec.order_completed',
      'ec.order_refunded',
    ]);
  });

  it('may repeat itself, under the same event id or another: nothing counts twice', async () => {
    await using enishi = await house(config);
    const first = await send(enishi, 'orders/create', shopify.order);
    const replayed = await send(enishi, 'orders/create', shopify.order);
    const again = shopify.call('orders/create', shopify.order, { 'X-Shopify-Event-Id': 'e-2' });
    const retold = await post(enishi, 'shopify', shopify.sign(again));
    expect([first.status, replayed.status, retold.status]).toEqual([200, 200, 200]);
    expect(retold.body.receipts.map(({ status }: { status: string }) => status)).toEqual(['DUPLICATE', 'DUPLICATE']);
    expect(await typesOf(enishi, '7188389789809')).toEqual(['ec.order_completed', 'ec.customer_updated']);
  });

  it('is answered 401 for a privacy topic without its signature, as it demands', async () => {
    await using enishi = await house(config);
    expect((await post(enishi, 'shopify', shopify.call('customers/redact', shopify.redact))).status).toBe(401);
  });

  it('takes consent back by customers/redact, and an operator finds the request', async () => {
    await using enishi = await house(config);
    await send(enishi, 'orders/create', shopify.order);
    const consents = `{ customerBy(identity: { namespace: "ec.customer", value: "7188389789809" }) { consents { purpose channel state } } }`;
    expect(await ask(enishi, consents)).toEqual({ customerBy: { consents: [{ purpose: 'marketing', channel: 'email', state: 'GIVEN' }] } });
    await send(enishi, 'customers/redact', shopify.redact);
    const { customerBy } = await ask<{ customerBy: { consents: { purpose: string; channel: string; state: string }[] } }>(enishi, consents);
    expect(customerBy.consents.filter(({ channel }) => channel === '*').map(({ state }) => state)).toEqual(Array(5).fill('WITHDRAWN'));
    expect(await typesOf(enishi, '7188389789809')).toContain('ec.erasure_requested');
  });

  it('puts aside what cannot be read, where an operator sees why', async () => {
    await using enishi = await house(config);
    const reply = await send(enishi, 'orders/create', { ...shopify.order, total_price: '600.5' });
    expect(reply.body.receipts).toMatchObject([{ status: 'QUARANTINED' }]);
    expect(JSON.stringify(await ask(enishi, '{ quarantinedEvents(first: 5) { nodes { violations { path message } } } }'))).toContain(
      '600.5 is no amount of JPY',
    );
  });

  it('answers products by number, many in one operation', async () => {
    await using enishi = await house(config);
    await send(enishi, 'products/create', shopify.product);
    const query = `{ a: ecProduct(sku: "TEA-100") { name price jan onSale } b: ecProduct(sku: "TEA-200") { variant jan } c: ecProduct(sku: "no") { name } }`;
    expect(await ask(enishi, query)).toEqual({
      a: { name: '有機緑茶 100g', price: 1500, jan: '4901234567894', onSale: true },
      b: { variant: '200g', jan: null },
      c: null,
    });
    // A key that may only write events reads nothing.
    expect((await enishi.graphql('source', query)).errors).toHaveLength(3);
  });
});

describe('a shop that sends its webhook once', () => {
  it('EC-CUBE: what the webhook brought and the catch-up reads again counts once', async () => {
    await using vendor = await fakeVendor();
    eccube.serve(vendor);
    const time = clock(now);
    await using enishi = await house({ eccube: eccube.settings(vendor.url) }, time);
    const reply = await post(enishi, 'eccube', eccube.sign(eccube.call([{ entity: 'order', id: 13, action: 'created' }])));
    expect(reply.status).toBeLessThan(300);
    await enishi.settle();
    // Both may have asked with the same refresh token, which counts once: the other comes back.
    time.advance(10);
    await enishi.settle();
    for (const asked of ['orders(page', 'order(id'])
      expect(
        vendor.requests.some(({ text }) => text.includes(asked)),
        asked,
      ).toBe(true);
    expect((await typesOf(enishi, '5')).toSorted()).toEqual(['ec.customer_registered', 'ec.customer_updated', 'ec.order_completed']);
    expect((await post(enishi, 'eccube', eccube.call([{ entity: 'order', id: 13, action: 'created' }]))).status).toBe(401);
  });

  it('WooCommerce: the same, and a webhook that was lost is caught up with', async () => {
    await using vendor = await fakeVendor();
    woo.serve(vendor, 2);
    await using enishi = await house({ woocommerce: woo.settings(vendor.url) });
    const reply = await post(enishi, 'woocommerce', woo.sign(woo.call('order.created', woo.order)));
    expect(reply.body.receipts).toMatchObject([{ status: 'ACCEPTED' }]);
    await enishi.settle();
    expect(await typesOf(enishi, '26')).toEqual(['ec.order_completed', 'ec.order_completed']);
  });

  it('WooCommerce: two calls of one second have the same delivery id, and both are read; a call told twice counts once', async () => {
    await using enishi = await house({ woocommerce: woo.settings('https://woo.example') });
    const call = (id: number) =>
      woo.call('customer.created', { ...woo.customer, id, email: `${id}@example.jp`, date_modified_gmt: null }, 'd-1');
    const statuses: string[] = [];
    for (const id of [31, 32, 32])
      for (const { status } of (await post(enishi, 'woocommerce', woo.sign(call(id)))).body.receipts) statuses.push(status);
    expect(statuses).toEqual(['ACCEPTED', 'ACCEPTED', 'DUPLICATE']);
  });

  it('WooCommerce: what cannot be read of one second is put aside each by itself', async () => {
    await using enishi = await house({ woocommerce: woo.settings('https://woo.example') });
    for (const id of [41, 42]) {
      const reply = await post(enishi, 'woocommerce', woo.sign(woo.call('order.created', { ...woo.order, id, total: 'lots' }, 'd-1')));
      expect(reply.body.receipts).toMatchObject([{ status: 'QUARANTINED' }]);
    }
    const { quarantinedEvents } = await ask<{ quarantinedEvents: { nodes: object[] } }>(
      enishi,
      '{ quarantinedEvents(first: 5) { nodes { violations { message } } } }',
    );
    expect(quarantinedEvents.nodes).toHaveLength(2);
  });

  it('WooCommerce: its ping is answered, though it is not signed', async () => {
    await using enishi = await house({ woocommerce: woo.settings('https://woo.example') });
    await enishi.http.post('/hooks/ec/woocommerce').type('form').send('webhook_id=5').expect(200);
  });
});
