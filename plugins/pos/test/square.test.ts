import { AskRefused, ComeBackLater, type Draft, type WebhookSource } from '@enishi/plugin-sdk';
import { createDesk, type FakeVendor, fakeVendor, rawRequest } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { plain, sourcesOf } from './reading.ts';
import {
  call,
  changed,
  customer,
  notice,
  order,
  ordered,
  paid,
  payment,
  refund,
  refunded,
  returned,
  serve,
  settings,
} from './tills/square.ts';

const hookOf = (square: ReturnType<typeof settings>): WebhookSource => {
  const source = sourcesOf({ square }).square;
  if (source?.kind !== 'webhook') throw new Error('no webhook');
  return source;
};
const receive = async (vendor: FakeVendor, body: object): Promise<readonly Draft[]> => {
  const hook = hookOf(settings(vendor.url));
  return hook.receive(hook.body.parse(body), call(body), createDesk({ hosts: [vendor.host] }));
};

it('the signature covers the registered address and the body, as in the vector', async () => {
  const body = '{"merchant_id":"M","type":"payment.updated","event_id":"e"}';
  const headers = { 'x-square-hmacsha256-signature': 'fmqaaqiV84QvhHuCsSMO0IpKnHgNd1IKXnB9K7G0ot0=' };
  const known = { ...settings('https://square.example'), signatureKey: 'sqkey', notificationUrl: 'https://cdp.example/hooks/square' };
  const verify = (square: typeof known, sent: string) => hookOf(square).verify(rawRequest({ body: sent, headers }), createDesk());
  expect(await verify(known, body)).toBe(true);
  expect(await verify(known, `${body} `)).toBe(false);
  expect(await verify({ ...known, notificationUrl: 'https://cdp.example/hooks/square?workspace=other' }, body)).toBe(false);
});

it('a call is worked on behind its answer, and known by its event id', () => {
  const hook = hookOf(settings('https://square.example'));
  expect(hook.work).toBe('later');
  expect(hook.callId?.(call(paid))).toBe('e-payment.updated');
  expect(hook.callId?.(rawRequest({ body: 'no' }))).toBeUndefined();
});

describe('a purchase', () => {
  it('is asked for: the order, its payment, who paid', async () => {
    await using vendor = await fakeVendor();
    serve(vendor);
    expect(plain(await receive(vendor, paid))).toEqual([
      {
        type: 'pos.purchase_completed',
        id: `square:order:${order.id}`,
        at: '2026-11-20T18:27:16.000Z',
        identifiers: { member: '0001234567', 'pos.square': customer.id, phone: customer.phone_number, email: 'taro@example.jp' },
        properties: {
          store_id: 'S8GWD5R9QB376',
          receipt_number: 'KkAk',
          order_id: order.id,
          total: 3300,
          tax: 300,
          discount: 0,
          currency: 'JPY',
          payment_method: 'CARD',
          products: [
            { product_id: 'TEA', name: '有機緑茶', variant: '100g', quantity: 2, price: 1500, amount: 3000 },
            { name: '紙袋', quantity: 1, price: 300, amount: 300 },
          ],
        },
      },
    ]);
    expect(vendor.requests[0]?.headers).toMatchObject({ authorization: 'Bearer sq_access_token', 'square-version': '2026-09-16' });
  });

  it('is one, whichever notification tells of it', async () => {
    await using vendor = await fakeVendor();
    serve(vendor);
    expect(await receive(vendor, ordered)).toEqual(await receive(vendor, paid));
  });

  it('in dollars and dinars is exact in its own minor unit', async () => {
    await using vendor = await fakeVendor();
    serve(vendor);
    for (const [currency, total] of [
      ['USD', 33],
      ['KWD', 3.3],
    ] as const) {
      vendor.on(`GET /v2/orders/${order.id}`, { json: { order: { ...order, total_money: { amount: 3300, currency } } } });
      expect((await receive(vendor, ordered))[0]?.properties).toMatchObject({ currency, total });
    }
  });

  it('of nobody known is its own somebody, with the address the payment left', async () => {
    await using vendor = await fakeVendor();
    serve(vendor);
    const { customer_id: _, ...cash } = payment;
    vendor.on(`GET /v2/payments/${payment.id}`, { json: { payment: { ...cash, buyer_email_address: 'hanako@example.jp' } } });
    const [draft] = await receive(vendor, ordered);
    expect(plain(draft?.identifiers)).toEqual({ email: 'hanako@example.jp', anonymous: `square:order:${order.id}` });
  });

  it.each([
    ['open and unpaid', { state: 'OPEN', tenders: [] }, []],
    ['open and half paid', { state: 'OPEN', net_amount_due_money: { amount: 100, currency: 'JPY' } }, []],
    ['open and paid', { state: 'OPEN' }, ['pos.purchase_completed']],
    ['cancelled after it was paid', { state: 'CANCELED' }, ['pos.purchase_voided']],
    ['a draft', { state: 'DRAFT' }, []],
  ])('that is %s', async (_, change, types) => {
    await using vendor = await fakeVendor();
    serve(vendor);
    vendor.on(`GET /v2/orders/${order.id}`, { json: { order: { ...order, ...change } } });
    expect((await receive(vendor, ordered)).map(({ type }) => type)).toEqual(types);
  });

  it('that is only approved, or gone, is none', async () => {
    await using vendor = await fakeVendor();
    expect(await receive(vendor, notice('payment.updated', { object: { payment: { ...payment, status: 'APPROVED' } } }))).toEqual([]);
    expect(await receive(vendor, ordered)).toEqual([]);
  });
});

it('a return is told with its goods and its customer; the order of the return is no purchase', async () => {
  await using vendor = await fakeVendor();
  serve(vendor);
  expect(plain(await receive(vendor, refunded))).toMatchObject([
    {
      type: 'pos.purchase_returned',
      id: `square:refund:${refund.id}`,
      identifiers: { member: '0001234567' },
      properties: { total: 1500, currency: 'JPY', order_id: order.id, reason: '返品', products: [{ name: '有機緑茶', quantity: 1 }] },
    },
  ]);
  expect(await receive(vendor, notice('order.updated', { id: returned.id }))).toEqual([]);
  expect(await receive(vendor, notice('refund.created', { object: { refund: { ...refund, status: 'PENDING' } } }))).toEqual([]);
});

it('a customer is told whole; who unsubscribed has said no, a birthday without a year is none', async () => {
  await using vendor = await fakeVendor();
  const [told] = await receive(vendor, changed);
  expect(told).toMatchObject({
    type: 'pos.member_updated',
    id: `square:customer:${customer.id}:2`,
    traits: [
      { trait: 'firstName', value: '太郎' },
      { trait: 'lastName', value: '山田' },
      { trait: 'birthday', value: '1990-05-01' },
    ],
    consents: [{ purpose: 'marketing', channel: 'email', state: 'WITHDRAWN' }],
  });
  const quiet = { ...customer, birthday: '0000-05-01', preferences: { email_unsubscribed: false } };
  const [other] = await receive(vendor, notice('customer.updated', { object: { customer: quiet } }));
  expect([other?.consents, other?.traits?.length]).toEqual([[], 2]);
});

it('what cannot be read is quarantined with its reason', async () => {
  await using vendor = await fakeVendor();
  const wrong = notice('customer.updated', { object: { customer: { ...customer, created_at: 'once' } } });
  expect(await receive(vendor, wrong)).toMatchObject([
    { type: 'pos.receipt_unreadable', properties: { problem: 'created_at: Invalid ISO datetime' } },
  ]);
});

describe('when Square fails', () => {
  const errors = (category: string, code: string) => ({ errors: [{ category, code, detail: 'no' }] });
  it.each([
    ['limits the rate', { status: 429, json: errors('RATE_LIMIT_ERROR', 'RATE_LIMITED') }, ComeBackLater],
    ['refuses the token', { status: 401, json: errors('AUTHENTICATION_ERROR', 'UNAUTHORIZED') }, AskRefused],
    ['answers an error with 200', { json: errors('API_ERROR', 'INTERNAL_SERVER_ERROR') }, 'something else than was asked for'],
    ['shows a page', 'html', 'where JSON was due'],
    ['is broken', 'broken', 'Square answered 500'],
    ['breaks off', 'cut', 'Square did not answer'],
    ['leads inside', 'inside', /host|declare|refused/i],
  ] as const)('and %s, the call stays to be worked on', async (_, fault, thrown) => {
    await using vendor = await fakeVendor();
    serve(vendor);
    vendor.fault(fault);
    await expect(receive(vendor, paid)).rejects.toThrow(thrown as string);
    expect(vendor.trespassers).toEqual([]);
    vendor.heal();
    expect(await receive(vendor, paid)).toHaveLength(1);
  });
});
