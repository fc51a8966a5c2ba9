import { ec } from '@enishi/plugin-ec';
import type { Desk, Draft, PollSource, WebhookSource } from '@enishi/plugin-sdk';
import { AskRefused, ComeBackLater } from '@enishi/plugin-sdk';
import { clock, createDesk, type FakeVendor, fakeVendor, rawRequest, type TestDesk } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { plain, sourcesOf } from './reading.ts';
import { call, customer, order, product, serve, settings } from './shops/woocommerce.ts';

const hookOf = (config = settings('https://woo.example')): WebhookSource => {
  const source = sourcesOf({ woocommerce: config }).woocommerce;
  if (source?.kind !== 'webhook') throw new Error('no webhook');
  return source;
};
const receive = async (topic: string, body: object, desk: TestDesk = createDesk()): Promise<readonly Draft[]> => {
  const source = hookOf();
  return source.receive(source.body.parse(body), call(topic, body), desk);
};

describe('the webhook', () => {
  it('is signed with the vector', async () => {
    const hook = hookOf({ ...settings('https://woo.example'), webhookSecret: 'woo' });
    const body = '{"id":727,"status":"processing"}';
    const headers = { 'X-WC-Webhook-Topic': 'order.updated', 'X-WC-Webhook-Signature': '0I0HFp3Qpd+IxPh1hNlV75hx4KwEIKLG6hA91FPCD4k=' };
    expect(await hook.verify(rawRequest({ body, headers }), createDesk())).toBe(true);
    expect(await hook.verify(rawRequest({ body: `${body} `, headers }), createDesk())).toBe(false);
  });

  it('answers the unsigned ping, which does nothing; nothing else goes unsigned', async () => {
    const ping = rawRequest({ form: { webhook_id: '5' } });
    expect(await hookOf().verify(ping, createDesk())).toBe(true);
    expect(await hookOf().receive({ webhook_id: '5' }, ping, createDesk())).toEqual([]);
    expect(await hookOf().verify(rawRequest({ form: { webhook_id: '5', id: '7' } }), createDesk())).toBe(false);
    expect(await hookOf().verify(call('order.created', order), createDesk())).toBe(false);
  });
});

describe('an order', () => {
  it('is placed when it is paid, in UTC, with exact money', async () => {
    expect(plain(await receive('order.created', order))).toMatchObject([
      {
        type: 'ec.order_completed',
        id: 'order:727',
        at: '2026-11-20T09:05:00.000Z',
        identifiers: { 'ec.customer': '26', 'ec.order': '727', email: 'taro@example.jp', phone: '090-1234-5678' },
        properties: { total: 29.35, tax: 1.35, shipping: 10, currency: 'USD', coupon: 'spring', products: [{ jan: '4901234567894' }] },
      },
    ]);
  });

  it.each(['pending', 'failed', 'checkout-draft'])('that is %s and not paid is somebody at the counter', async (status) => {
    const drafts = await receive('order.updated', { ...order, status, date_paid_gmt: null });
    expect(drafts).toMatchObject([{ type: 'ec.checkout_started', properties: { value: 29.35 } }]);
  });

  it('of a guest is nobody but itself and the address', async () => {
    const [placed] = await receive('order.created', { ...order, customer_id: 0 });
    expect(plain(placed?.identifiers)).toEqual({ 'ec.order': '727', email: 'taro@example.jp', phone: '090-1234-5678' });
  });

  it('that changes, is cancelled, refunded or deleted says so, each once', async () => {
    const later = { ...order, date_modified_gmt: '2026-11-21T09:00:00' };
    const ids = async (topic: string, body: object) => (await receive(topic, body)).map(({ id }) => id);
    expect(await ids('order.updated', later)).toEqual(['order:727', 'order:727:updated:2026-11-21T09:00:00.000Z']);
    expect(await ids('order.restored', later)).toEqual(['order:727', 'order:727:updated:2026-11-21T09:00:00.000Z']);
    expect(await ids('order.updated', { ...later, status: 'cancelled', date_paid_gmt: null })).toEqual(['order:727:cancelled']);
    expect(await ids('order.deleted', { id: 727 })).toEqual(['order:727:deleted']);
    const refunded = await receive('order.updated', {
      ...later,
      status: 'refunded',
      refunds: [{ id: 726, reason: 'broken', total: '-10.00' }],
    });
    expect(refunded.at(-1)).toMatchObject({ type: 'ec.order_refunded', id: 'refund:726', properties: { total: 10, reason: 'broken' } });
  });

  it('that cannot be read is quarantined with its reason', async () => {
    expect(await receive('order.created', { ...order, date_created_gmt: 'soon' })).toMatchObject([
      { type: 'ec.message_unreadable', properties: { problem: 'date_created_gmt: "soon" is not a date' } },
    ]);
  });
});

it('accounts register, change and close; coupons are the shop’s own affair', async () => {
  expect((await receive('customer.updated', customer)).map(({ id }) => id)).toEqual([
    'customer:26:registered',
    'customer:26:updated:2026-11-01T16:09:30.000Z',
  ]);
  expect((await receive('customer.deleted', { id: 26 })).map(({ type }) => type)).toEqual(['ec.customer_deleted']);
  expect(await receive('coupon.created', { id: 1 })).toEqual([]);
});

it('products go into the catalogue and off sale', async () => {
  const desk = createDesk();
  const kept = () => desk.state.get('public/product::4901234567894');
  await receive('product.created', product, desk);
  expect(await kept()).toMatchObject({ name: 'Green tea', price: 9, category: 'Tea', jan: '4901234567894', onSale: true });
  await receive('product.deleted', { id: 93 }, desk);
  expect(await kept()).toMatchObject({ onSale: false });
});

describe('catching up', () => {
  const pollOf = (vendor: Pick<FakeVendor, 'url'>): PollSource => {
    const source = sourcesOf({ woocommerce: settings(vendor.url) })['woocommerce-catch-up'];
    if (source?.kind !== 'poll') throw new Error('no poll');
    return source;
  };

  it('gives what the webhook gives, under the same name, page by page', async () => {
    await using vendor = await fakeVendor();
    serve(vendor, 51);
    const time = clock('2026-11-21T00:00:00Z');
    const desk = createDesk({ hosts: [vendor.host], now: time.now });
    const poll = pollOf(vendor);
    const first = await poll.read(undefined as never, desk);
    expect(poll.sameAs).toBe('woocommerce');
    expect(first.drafts[0]).toEqual((await receive('order.created', order))[0]);
    expect([first.drafts.length, first.more]).toEqual([50, true]);
    const second = await poll.read(first.cursor as never, desk);
    const third = await poll.read(second.cursor as never, desk);
    const fourth = await poll.read(third.cursor as never, desk);
    expect([second.drafts.length, third.drafts.length, fourth.drafts.length, fourth.more]).toEqual([1, 0, 0, false]);
    expect(vendor.requests.map(({ path, query }) => [path.split('/').at(-1), query.page])).toEqual([
      ['orders', '1'],
      ['orders', '2'],
      ['products', '1'],
      ['customers', '1'],
    ]);

    time.advance(600);
    await poll.read(fourth.cursor as never, desk);
    // The last five minutes are read again: clocks differ.
    expect(vendor.requests.at(-1)?.query).toMatchObject({
      modified_after: '2026-11-20T23:55:00.000Z',
      modified_before: '2026-11-21T00:10:00.000Z',
      dates_are_gmt: 'true',
    });
  });

  it('brings the accounts whose webhook was lost, the newest first and none from before', async () => {
    await using vendor = await fakeVendor();
    const registered = (id: number, date_created_gmt: string) => ({ ...customer, id, date_created_gmt, date_modified_gmt: null });
    const today = Array.from({ length: 50 }, (_, index) => registered(100 + index, '2026-11-20T16:00:00'));
    serve(vendor, 0, [...today, registered(99, '2026-11-20T01:00:00'), registered(98, '2026-11-18T16:00:00')]);
    const desk = createDesk({ hosts: [vendor.host], now: clock('2026-11-21T00:00:00Z').now });
    const ids: (string | undefined)[] = [];
    let page = await pollOf(vendor).read(undefined as never, desk);
    for (ids.push(...page.drafts.map(({ id }) => id)); page.more; ids.push(...page.drafts.map(({ id }) => id)))
      page = await pollOf(vendor).read(page.cursor as never, desk);
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([51, 'customer:100:registered', 'customer:99:registered']);
  });

  it('goes on with orders where the key has no right to accounts', async () => {
    await using vendor = await fakeVendor();
    serve(vendor);
    vendor.fault({ status: 403, json: { code: 'woocommerce_rest_cannot_view' } }, { on: 'GET /wp-json/wc/v3/customers' });
    const desk = createDesk({ hosts: [vendor.host] });
    let page = await pollOf(vendor).read(undefined as never, desk);
    while (page.more) page = await pollOf(vendor).read(page.cursor as never, desk);
    expect(desk.logged).toMatchObject([{ level: 'warn', message: 'new accounts are not read: WooCommerce answered 403 Forbidden' }]);
    page = await pollOf(vendor).read(page.cursor as never, desk);
    expect(page.drafts).toHaveLength(3);
  });

  it('sends the secret by HTTPS only: by plain HTTP each question is signed', async () => {
    await using vendor = await fakeVendor();
    serve(vendor);
    await pollOf(vendor).read(undefined as never, createDesk({ hosts: [vendor.host] }));
    expect(vendor.requests[0]?.headers.authorization).toBeUndefined();
    expect(JSON.stringify(vendor.requests)).not.toContain('cs_conformance');

    const asked: Request[] = [];
    const fetch: Desk['fetch'] = async (input, init) => {
      asked.push(new Request(input, init));
      return Response.json([]);
    };
    await pollOf({ url: 'https://woo.example' }).read(undefined as never, { ...createDesk(), fetch });
    expect(asked[0]?.headers.get('authorization')).toBe(`Basic ${Buffer.from('ck_conformance:cs_conformance').toString('base64')}`);
    expect(new URL(asked[0]?.url ?? '').searchParams.has('oauth_signature')).toBe(false);
  });

  it('reaches a shop by plain HTTP at all', () => {
    expect(ec({ woocommerce: settings('http://woo.example') }).hosts).toEqual(['woo.example:80']);
  });

  it.each([
    ['busy', ComeBackLater],
    ['unauthorised', AskRefused],
  ] as const)('throws what the host can act on when the shop is %s', async (fault, kind) => {
    await using vendor = await fakeVendor();
    serve(vendor);
    vendor.fault(fault);
    await expect(pollOf(vendor).read(undefined as never, createDesk({ hosts: [vendor.host] }))).rejects.toThrow(kind);
  });

  it('takes no page of the web and no error for an answer', async () => {
    await using vendor = await fakeVendor();
    const read = () => pollOf(vendor).read(undefined as never, createDesk({ hosts: [vendor.host] }));
    vendor.fault('html');
    await expect(read()).rejects.toThrow('WooCommerce answered text/html; charset=utf-8 where JSON was due (200)');
    vendor.fault({ json: { code: 'woocommerce_rest_cannot_view', message: 'Sorry', data: { status: 200 } } });
    await expect(read()).rejects.toThrow('WooCommerce answered something else than was asked for');
  });
});
