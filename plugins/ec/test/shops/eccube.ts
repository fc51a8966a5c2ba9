import type { RawRequest } from '@enishi/plugin-sdk';
import { type FakeVendor, rawRequest, signHmac } from '@enishi/testkit';
import { answerOf } from './eccube-api.ts';

export const settings = (url: string) => ({
  url,
  clientId: 'client',
  clientSecret: 'ec_client_secret',
  refreshToken: 'ec_refresh_token_0',
  webhookSecret: 'ec_webhook_secret',
});

export const sign = signHmac({ header: 'X-ECCUBE-Signature', secret: 'ec_webhook_secret', encoding: 'hex' });

export const call = (changes: unknown): RawRequest => rawRequest({ json: changes, headers: { 'X-ECCUBE-URL': 'https://shop.example/' } });

const person = {
  name01: '山田',
  name02: '太郎',
  kana01: 'ヤマダ',
  kana02: 'タロウ',
  email: 'taro@example.jp',
  phone_number: '09012345678',
  postal_code: '1000005',
  addr01: '千代田区丸の内',
  addr02: '1-1',
  birth: '1990-05-01T00:00:00+09:00',
  Pref: { id: '13', name: '東京都' },
  Sex: { id: '1', name: '男性' },
};

export const order = {
  ...person,
  id: '13',
  order_no: '13',
  order_date: '2026-11-20T18:05:00+09:00',
  create_date: '2026-11-20T18:04:00+09:00',
  update_date: '2026-11-20T18:05:00+09:00',
  subtotal: 3300,
  discount: 0,
  delivery_fee_total: 500,
  charge: 0,
  tax: 345,
  payment_total: 3800,
  payment_method: '代金引換',
  currency_code: 'JPY',
  add_point: 33,
  use_point: 0,
  OrderStatus: { id: '1', name: '新規受付' },
  Customer: { id: '5' },
  OrderItems: [
    {
      product_name: '有機緑茶',
      product_code: '4901234567894',
      class_category_name1: '100g',
      price: 1500,
      quantity: 2,
      OrderItemType: { id: '1' },
      Product: { id: '2' },
    },
    { product_name: '送料', price: 500, quantity: 1, OrderItemType: { id: '2' }, Product: null },
  ],
};

export const customer = {
  ...person,
  id: '5',
  point: 120,
  buy_total: 12800,
  create_date: '2026-01-10T12:00:00+09:00',
  update_date: '2026-11-10T12:00:00+09:00',
  Status: { id: '2', name: '本会員' },
};

export const product = {
  id: '2',
  name: '有機緑茶',
  update_date: '2026-11-15T12:00:00+09:00',
  Status: { id: '1', name: '公開' },
  ProductClasses: [
    { code: '4901234567894', price02: 1500, visible: true, ClassCategory1: { id: '3', name: '100g' }, ClassCategory2: null },
    { code: null, price02: 1500, visible: false, ClassCategory1: null, ClassCategory2: null },
  ],
};

/** A shop with these three things. Every refresh token counts once, but for many desks that know nothing of each other. */
export function serve(vendor: FakeVendor, { manyDesks = false } = {}): void {
  let given = 0;
  vendor.on('POST /token', ({ text }) => {
    const token = new URLSearchParams(text).get('refresh_token');
    if (manyDesks ? !token?.startsWith('ec_refresh_token_') : token !== `ec_refresh_token_${given}`)
      return { status: 400, json: { error: 'invalid_grant' } };
    given += 1;
    return {
      json: { token_type: 'Bearer', expires_in: 3600, access_token: `access_${given}`, refresh_token: `ec_refresh_token_${given}` },
    };
  });
  vendor.on('POST /api', ({ headers, json }) => {
    const known = manyDesks ? headers.authorization?.startsWith('Bearer access_') : headers.authorization === `Bearer access_${given}`;
    if (!known) return { status: 401, json: { error: 'access_denied' } };
    return { json: answerOf(json(), { order, customer, product }) };
  });
}
