import { createHmac } from 'node:crypto';
import type { RawRequest } from '@enishi/plugin-sdk';
import { type FakeVendor, rawRequest, signHmac } from '@enishi/testkit';

export const settings = (url: string) => ({
  url,
  consumerKey: 'ck_conformance',
  consumerSecret: 'cs_conformance',
  webhookSecret: 'woo_conformance',
});

export const sign = signHmac({ header: 'X-WC-Webhook-Signature', secret: 'woo_conformance', encoding: 'base64' });

export const call = (topic: string, body: object, delivery = `d-${topic}`): RawRequest =>
  rawRequest({
    json: body,
    headers: { 'X-WC-Webhook-Topic': topic, 'X-WC-Webhook-Delivery-ID': delivery, 'X-WC-Webhook-Source': 'https://woo.example/' },
  });

export const order = {
  id: 727,
  number: '727',
  status: 'processing',
  currency: 'USD',
  date_created_gmt: '2026-11-20T09:00:00',
  date_modified_gmt: '2026-11-20T09:05:00',
  date_paid_gmt: '2026-11-20T09:05:00',
  total: '29.35',
  total_tax: '1.35',
  discount_total: '0.00',
  shipping_total: '10.00',
  customer_id: 26,
  billing: { first_name: 'Taro', last_name: 'Yamada', email: 'taro@example.jp', phone: '090-1234-5678', country: 'JP' },
  payment_method_title: 'Direct bank transfer',
  created_via: 'checkout',
  line_items: [{ id: 315, name: 'Green tea', product_id: 93, variation_id: 0, quantity: 2, sku: '4901234567894', price: 9 }],
  coupon_lines: [{ code: 'spring' }],
  refunds: [],
};

export const customer = {
  id: 26,
  date_created_gmt: '2026-03-21T16:09:28',
  date_modified_gmt: '2026-11-01T16:09:30',
  email: 'taro@example.jp',
  first_name: '太郎',
  last_name: '山田',
  billing: { address_1: '丸の内1-1', city: '千代田区', postcode: '100-0005', state: 'JP13', country: 'JP', phone: '090-1234-5678' },
};

export const product = {
  id: 93,
  name: 'Green tea',
  sku: '4901234567894',
  price: '9.00',
  status: 'publish',
  permalink: 'https://woo.example/product/green-tea/',
  date_modified_gmt: '2026-11-19T09:00:00',
  categories: [{ id: 9, name: 'Tea' }],
  images: [{ src: 'https://woo.example/tea.jpg' }],
};

/** How WooCommerce checks a question that came by plain HTTP: Basic counts for nothing there, and each nonce once. */
function guarded(answer: (query: Readonly<Record<string, string | undefined>>) => object[]) {
  const nonces = new Set<string | undefined>();
  return ({ method, path, query, headers }: RawRequest) => {
    const { oauth_signature: given, ...rest } = query;
    const twice = (text = '') => encodeURIComponent(encodeURIComponent(text));
    const pairs = Object.keys(rest)
      .toSorted()
      .map((name) => `${twice(name)}%3D${twice(rest[name])}`);
    const text = `${method}&${encodeURIComponent(`http://${headers.host}${path}`)}&${pairs.join('%26')}`;
    const right = createHmac('sha256', 'cs_conformance&').update(text).digest('base64');
    const known = rest.oauth_consumer_key === 'ck_conformance' && given === right && !nonces.has(rest.oauth_nonce);
    nonces.add(rest.oauth_nonce);
    return known ? { json: answer(query) } : { status: 401, json: { code: 'woocommerce_rest_authentication_error' } };
  };
}

/** A shop with this many orders and accounts, in pages, and one product. */
export function serve(vendor: FakeVendor, count = 3, accounts: readonly object[] = []): void {
  const all = Array.from({ length: count }, (_, index) => ({ ...order, id: order.id + index }));
  const inPages =
    (things: readonly object[]) =>
    ({ page, per_page }: Readonly<Record<string, string | undefined>>) =>
      things.slice((Number(page) - 1) * Number(per_page), Number(page) * Number(per_page));
  vendor.on('GET /wp-json/wc/v3/orders', guarded(inPages(all)));
  vendor.on('GET /wp-json/wc/v3/customers', guarded(inPages(accounts)));
  vendor.on(
    'GET /wp-json/wc/v3/products',
    guarded(() => [product]),
  );
}
