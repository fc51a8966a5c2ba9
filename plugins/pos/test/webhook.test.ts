import { createHmac } from 'node:crypto';
import { pos, purchaseCompleted } from '@enishi/plugin-pos';
import { PluginConfigError, type RawRequest, type WebhookSource } from '@enishi/plugin-sdk';
import { createDesk } from '@enishi/testkit';
import { expect, expectTypeOf, it } from 'vitest';
import { draftsIn, plain, problemsIn, read, sourcesOf } from './reading.ts';

const hookOf = (secret: string): WebhookSource => {
  const source = sourcesOf({ webhookSecret: secret }).webhook;
  if (source?.kind !== 'webhook') throw new Error('no webhook');
  return source;
};
const request = (body: string, signature: string): RawRequest => ({
  method: 'POST',
  path: '/hooks/pos/webhook',
  query: {},
  headers: { 'x-enishi-signature': signature },
  body: Buffer.from(body),
});

const receipt = {
  store_id: '0012',
  register_id: '01',
  receipt_number: '000123',
  at: '2026-11-21T18:05:30+09:00',
  customer: { member: '0001234567', phone: '090-1234-5678' },
  total: 2800,
  currency: 'JPY',
  products: [{ product_id: '４９０１２３４５６７８９４', name: '有機緑茶', quantity: 2, price: 1400 }],
};

it('a receipt is accepted by its signature only', () => {
  const body = JSON.stringify({ receipts: [receipt] });
  const signature = createHmac('sha256', 's').update(body).digest('base64');
  expect(hookOf('s').verify(request(body, signature), createDesk())).toBe(true);
  expect(hookOf('s').verify(request(`${body} `, signature), createDesk())).toBe(false);
  expect(hookOf('t').verify(request(body, signature), createDesk())).toBe(false);
});

it('a receipt becomes the typed event under its natural key', async () => {
  const hook = hookOf('s');
  expect(plain(await hook.receive(hook.body.parse({ receipts: [receipt] }), request('', ''), createDesk()))).toEqual([
    {
      type: 'pos.purchase_completed',
      id: 'receipt:0012/01/2026-11-21/000123',
      at: '2026-11-21T09:05:30.000Z',
      identifiers: { member: '0001234567', phone: '090-1234-5678' },
      properties: {
        store_id: '0012',
        register_id: '01',
        receipt_number: '000123',
        business_day: '2026-11-21',
        total: 2800,
        currency: 'JPY',
        products: [{ product_id: '4901234567894', jan: '4901234567894', name: '有機緑茶', quantity: 2, price: 1400 }],
      },
    },
  ]);
});

it('NDJSON holds receipts; what is none is reported with its line', async () => {
  const lines = [
    JSON.stringify(receipt),
    'no',
    JSON.stringify({ ...receipt, kind: 'RETURN' }),
    JSON.stringify({ ...receipt, store_id: '' }),
  ];
  const items = await read('receipts', lines.join('\n'));
  expect(draftsIn(items).map(({ type }) => type)).toEqual(['pos.purchase_completed', 'pos.purchase_returned']);
  expect(problemsIn(items).map((item) => item.lines)).toEqual([[2], [4]]);
});

it('types follow from the schemas, settings are checked', () => {
  expectTypeOf(purchaseCompleted.schema.parse).returns.toExtend<{ store_id: string; total: number }>();
  // @ts-expect-error a receipt has a total
  purchaseCompleted({ at: new Date(0), identifiers: { member: '1' }, properties: { store_id: '1', receipt_number: '1' } });
  expect(purchaseCompleted.schema.safeParse({ store_id: '1', receipt_number: '1', total: '100' }).success).toBe(false);
  expect(() => pos({ chain: 'My Chain' })).toThrow(PluginConfigError);
});
