import { createHmac } from 'node:crypto';
import type { RawRequest, WebhookSource } from '@enishi/plugin-sdk';
import { createDesk } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { plain, sourcesOf } from './reading.ts';

const hookOf = (secret: string, shop?: string): WebhookSource => {
  const source = sourcesOf(shop === undefined ? { webhookSecret: secret } : { webhookSecret: secret, shop }).webhook;
  if (source?.kind !== 'webhook') throw new Error('no webhook');
  return source;
};
const request = (body: string | Uint8Array, signature?: string): RawRequest => ({
  method: 'POST',
  path: '/hooks/ec/webhook',
  query: {},
  headers: { 'x-enishi-signature': signature },
  body: Buffer.from(body),
});

describe('the signature', () => {
  // A vector of a shop system that signs the same way.
  const [secret, body, signature] = ['woo', '{"id":727,"status":"processing"}', '0I0HFp3Qpd+IxPh1hNlV75hx4KwEIKLG6hA91FPCD4k='];

  it('is the Base64 HMAC-SHA256 of the raw bytes', () => {
    expect(hookOf(secret).verify(request(body, signature), createDesk())).toBe(true);
  });

  it('is of the bytes as they came, whatever they are', () => {
    const bytes = Buffer.from([0xff, 0x00, 0xe2, 0x28, 0xa1]);
    expect(hookOf(secret).verify(request(bytes, createHmac('sha256', secret).update(bytes).digest('base64')), createDesk())).toBe(true);
  });

  it.each([
    ['another body', `${body} `, signature],
    ['another secret', body, createHmac('sha256', 'other').update(body).digest('base64')],
    ['hex', body, createHmac('sha256', secret).update(body).digest('hex')],
    ['a part of it', body, signature.slice(0, 10)],
    ['nothing', body, ''],
    ['no header', body, undefined],
  ])('is refused for %s', (_, sent, given) => {
    expect(hookOf(secret).verify(request(sent, given), createDesk())).toBe(false);
  });

  it('needs a secret: without one there is no webhook', () => {
    expect(sourcesOf({}).webhook).toBeUndefined();
  });
});

describe('messages', () => {
  const order = {
    topic: 'order.completed',
    id: 'msg-1',
    at: '2026-11-21T18:05:00+09:00',
    customer: { id: '5001', email: 'taro@example.jp', traits: { lastName: '山田' } },
    data: { order_id: 'A-1001', total: 3300, currency: 'JPY', products: [{ product_id: '4901234567894', quantity: 2, price: 1500 }] },
  };
  const receive = async (messages: readonly unknown[], shop?: string) => {
    const hook = hookOf('s', shop);
    return hook.receive(hook.body.parse({ messages }), request(''), createDesk());
  };

  it('an order becomes the typed event, with customer and traits', async () => {
    expect(plain(await receive([order]))).toEqual([
      {
        type: 'ec.order_completed',
        id: 'msg-1',
        at: '2026-11-21T09:05:00.000Z',
        identifiers: { 'ec.customer': '5001', email: 'taro@example.jp' },
        properties: order.data,
        traits: [{ trait: 'lastName', value: '山田' }],
        consents: [],
      },
    ]);
  });

  it('two orders of nobody known are two people, and known by their order', async () => {
    const guest = { ...order, customer: { id: 0 } };
    const [first, second] = await receive([guest, { ...guest, data: { ...guest.data, order_id: 'A-1002' } }]);
    expect(plain([first?.identifiers, second?.identifiers])).toEqual([{ anonymous: 'order:A-1001' }, { anonymous: 'order:A-1002' }]);
  });

  it('a cart and the order that names it share an identity', async () => {
    const [cart, bought] = await receive([
      { topic: 'cart.product_added', id: 'msg-0', at: order.at, data: { cart_id: 'tok', product_id: 'p' } },
      { ...order, data: { ...order.data, cart_id: 'tok' } },
    ]);
    expect(cart?.identifiers.anonymous).toBe('cart:tok');
    expect(bought?.identifiers.anonymous).toBe('cart:tok');
  });

  it('the shop stands before the numbers that are its own', async () => {
    const [draft] = await receive([order], 'jp');
    expect(draft).toMatchObject({ id: 'jp:msg-1', identifiers: { 'ec.customer': 'jp:5001', email: 'taro@example.jp' } });
  });

  it('numbers may be numbers while they are exact', async () => {
    const [draft] = await receive([{ ...order, customer: { id: 5001 } }]);
    expect(draft?.identifiers['ec.customer']).toBe('5001');
    await expect(receive([{ ...order, customer: { id: 2 ** 53 } }])).rejects.toThrow();
  });

  it('a topic or property nobody knows is left to the line, which keeps it aside with its reason', async () => {
    const [unknown, wrong] = await receive([
      { ...order, topic: 'order.teleported' },
      { ...order, data: { order_id: 7 } },
    ]);
    expect(unknown?.type).toBe('ec.order.teleported');
    expect(wrong?.properties).toEqual({ order_id: 7 });
  });

  it.each([
    ['no messages', { messages: [] }],
    ['a message without an id', { messages: [{ ...order, id: undefined }] }],
    ['a local time', { messages: [{ ...order, at: '2026-11-21 18:05' }] }],
    ['something else', [order]],
  ])('refuse %s', (_, body) => {
    expect(hookOf('s').body.safeParse(body).success).toBe(false);
  });
});
