import type { RawRequest } from '@enishi/plugin-sdk';
import { type FakeVendor, rawRequest, signHmac } from '@enishi/testkit';

export const notificationUrl = 'https://cdp.example/hooks/pos/square?workspace=main';

export const settings = (url: string) => ({
  signatureKey: 'sq_signature_key',
  notificationUrl,
  accessToken: 'sq_access_token',
  url,
  referenceIsMember: true,
});

export const sign = signHmac({
  header: 'x-square-hmacsha256-signature',
  secret: 'sq_signature_key',
  encoding: 'base64',
  before: () => notificationUrl,
});

const yen = (amount: number) => ({ amount, currency: 'JPY' });

export const payment = {
  id: 'KkAkhdMsgzn59SM8A89WgKwekxLZY',
  order_id: 'nUSN9TdxpiK3SrQg3wzmf6r8LP9YY',
  customer_id: 'W92WH6P11H4Z77CTET0RNTGFW8',
  location_id: 'S8GWD5R9QB376',
  status: 'COMPLETED',
  amount_money: yen(3300),
  total_money: yen(3300),
  source_type: 'CARD',
  receipt_number: 'KkAk',
  created_at: '2026-11-20T18:27:10Z',
  updated_at: '2026-11-20T18:27:16Z',
};

export const order = {
  id: payment.order_id,
  location_id: payment.location_id,
  state: 'COMPLETED',
  version: 4,
  created_at: '2026-11-20T18:27:00Z',
  updated_at: '2026-11-20T18:27:17Z',
  closed_at: '2026-11-20T18:27:16Z',
  line_items: [
    {
      uid: 'l1',
      name: '有機緑茶',
      quantity: '2',
      catalog_object_id: 'TEA',
      variation_name: '100g',
      base_price_money: yen(1500),
      total_money: yen(3000),
      total_discount_money: yen(0),
    },
    { uid: 'l2', name: '紙袋', quantity: '1', base_price_money: yen(300), total_money: yen(300) },
  ],
  tenders: [{ id: payment.id, type: 'CARD' }],
  total_money: yen(3300),
  total_tax_money: yen(300),
  total_discount_money: yen(0),
  net_amount_due_money: yen(0),
};

export const customer = {
  id: payment.customer_id,
  version: 2,
  given_name: '太郎',
  family_name: '山田',
  email_address: 'taro@example.jp',
  phone_number: '０９０-１２３４-５６７８',
  birthday: '1990-05-01',
  reference_id: '0001234567',
  preferences: { email_unsubscribed: true },
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-11-01T00:00:00Z',
};

export const refund = {
  id: `${payment.id}_r1`,
  status: 'COMPLETED',
  payment_id: payment.id,
  order_id: 'RETURN_ORDER',
  location_id: payment.location_id,
  amount_money: yen(1500),
  reason: '返品',
  created_at: '2026-11-21T01:00:00Z',
};

export const returned = {
  id: 'RETURN_ORDER',
  location_id: payment.location_id,
  state: 'COMPLETED',
  created_at: '2026-11-21T01:00:00Z',
  returns: [{ source_order_id: order.id, return_line_items: [{ ...order.line_items[0], quantity: '1', total_money: yen(1500) }] }],
};

export const notice = (type: string, data: object, event = `e-${type}`) => ({
  merchant_id: '6SSW7HV8K2ST5',
  type,
  event_id: event,
  created_at: '2026-11-20T18:27:17Z',
  data,
});

export const paid = notice('payment.updated', { type: 'payment', id: payment.id, object: { payment } });
export const ordered = notice('order.updated', {
  type: 'order',
  id: order.id,
  object: { order_updated: { order_id: order.id, version: 4, location_id: order.location_id, state: 'COMPLETED' } },
});
export const refunded = notice('refund.updated', { type: 'refund', id: refund.id, object: { refund } });
export const changed = notice('customer.updated', { type: 'customer', id: customer.id, object: { customer } });

export const call = (body: object): RawRequest => rawRequest({ json: body });

export function serve(vendor: FakeVendor): void {
  vendor.on(`GET /v2/orders/${order.id}`, { json: { order } });
  vendor.on('GET /v2/orders/RETURN_ORDER', { json: { order: returned } });
  vendor.on(`GET /v2/payments/${payment.id}`, { json: { payment } });
  vendor.on(`GET /v2/customers/${customer.id}`, { json: { customer } });
}
