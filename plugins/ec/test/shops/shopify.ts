import type { Draft, RawRequest, WebhookSource } from '@enishi/plugin-sdk';
import { createDesk, rawRequest, signHmac, type TestDesk } from '@enishi/testkit';
import { sourcesOf } from '../reading.ts';

export const secret = 'shpss_conformance';
export const sign = signHmac({ header: 'X-Shopify-Hmac-Sha256', secret, encoding: 'base64' });

export const hook = (): WebhookSource => {
  const source = sourcesOf({ shopify: { webhookSecret: secret } }).shopify;
  if (source?.kind !== 'webhook') throw new Error('no webhook');
  return source;
};

/** A call as Shopify makes it, but for its proof. */
export const call = (topic: string, body: string | object, headers: Record<string, string> = {}): RawRequest =>
  rawRequest({
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: {
      'Content-Type': 'application/json',
      'X-Shopify-Topic': topic,
      'X-Shopify-Shop-Domain': 'demo.myshopify.com',
      'X-Shopify-API-Version': '2026-07',
      'X-Shopify-Webhook-Id': `w-${topic}`,
      'X-Shopify-Event-Id': 'e-1',
      'X-Shopify-Triggered-At': '2026-11-22T03:27:21.000Z',
      ...headers,
    },
  });

export async function receive(topic: string, body: string | object, desk: TestDesk = createDesk()): Promise<readonly Draft[]> {
  const request = call(topic, body);
  const source = hook();
  return source.receive(source.body.parse(JSON.parse(Buffer.from(request.body).toString())), request, desk);
}

export const order = {
  id: 5778367414385,
  admin_graphql_api_id: 'gid://shopify/Order/5778367414385',
  name: '#1017',
  order_number: 1017,
  created_at: '2026-11-20T03:27:17+09:00',
  updated_at: '2026-11-20T03:27:20+09:00',
  currency: 'JPY',
  total_price: '3300',
  subtotal_price: '3000.00',
  total_tax: '300',
  total_discounts: '0',
  email: 'taro@example.jp',
  financial_status: 'paid',
  cart_token: 'Z2NwLWFzaWE',
  buyer_accepts_marketing: true,
  customer: {
    id: 7188389789809,
    email: 'taro@example.jp',
    first_name: '太郎',
    last_name: '山田',
    phone: '+819012345678',
    email_marketing_consent: { state: 'subscribed', opt_in_level: 'single_opt_in', consent_updated_at: '2026-10-01T10:00:00+09:00' },
  },
  line_items: [
    {
      id: 14234727743601,
      product_id: 7510929801472,
      variant_id: 42211160228017,
      sku: '4901234567894',
      title: '有機緑茶 100g',
      quantity: 2,
      price: '1500',
    },
  ],
};

export const refund = {
  id: 929361462,
  order_id: order.id,
  created_at: '2026-11-21T10:00:00+09:00',
  note: '破損',
  transactions: [
    { id: 1, kind: 'refund', status: 'success', amount: '1500.00', currency: 'JPY' },
    { id: 2, kind: 'refund', status: 'failure', amount: '900.00', currency: 'JPY' },
  ],
  refund_line_items: [{ id: 3, quantity: 1, line_item: order.line_items[0] }],
};

export const customer = { ...order.customer, created_at: '2026-09-01T10:00:00+09:00', updated_at: '2026-11-01T10:00:00+09:00' };

export const cart = {
  id: 'Z2NwLWFzaWE',
  token: 'Z2NwLWFzaWE',
  line_items: order.line_items,
  created_at: '2026-11-20T03:20:00Z',
  updated_at: '2026-11-20T03:21:00Z',
};

export const checkout = {
  id: 901414060,
  token: 'b1946ac92492d2347c6235b4d2611184',
  cart_token: 'Z2NwLWFzaWE',
  email: 'taro@example.jp',
  currency: 'JPY',
  created_at: '2026-11-20T03:22:00+09:00',
  updated_at: '2026-11-20T03:23:00+09:00',
  total_price: '3300',
  line_items: order.line_items,
};

export const product = {
  id: 7510929801472,
  title: '有機緑茶 100g',
  vendor: '茶舗',
  product_type: '飲料',
  status: 'active',
  updated_at: '2026-11-19T10:00:00+09:00',
  image: { src: 'https://cdn.example/tea.jpg' },
  variants: [
    { id: 42211160228017, sku: 'TEA-100', barcode: '4901234567894', title: '100g', price: '1500' },
    { id: 42211160228018, sku: 'TEA-200', barcode: '2012345000003', title: '200g', price: '2800' },
  ],
};

export const redact = {
  shop_id: 954889,
  shop_domain: 'demo.myshopify.com',
  customer: { id: 7188389789809, email: 'taro@example.jp', phone: '+819012345678' },
  orders_to_redact: [5778367414385],
};
