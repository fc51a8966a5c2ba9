import { ec } from '@enishi/plugin-ec';
import { rawRequest, signHmac } from '@enishi/testkit';
import { testPlugin } from '@enishi/testkit/conformance';
import * as eccube from './shops/eccube.ts';
import * as shopify from './shops/shopify.ts';
import * as woo from './shops/woocommerce.ts';

const message = {
  topic: 'order.completed',
  id: 'msg-1',
  at: '2026-11-21T18:05:00+09:00',
  customer: { id: '5001', email: 'taro@example.jp' },
  data: { order_id: 'A-1001', total: 3300, currency: 'JPY' },
};

testPlugin(ec, (vendor) => {
  eccube.serve(vendor, { manyDesks: true });
  woo.serve(vendor);
  return {
    config: {
      webhookSecret: 'own_webhook_secret',
      shopify: { webhookSecret: shopify.secret, shop: 'shopify' },
      eccube: { ...eccube.settings(vendor.url), shop: 'eccube' },
      woocommerce: { ...woo.settings(vendor.url), shop: 'woo' },
    },
    webhooks: {
      webhook: {
        calls: { order: rawRequest({ json: { messages: [message] } }) },
        sign: signHmac({ header: 'X-Enishi-Signature', secret: 'own_webhook_secret', encoding: 'base64' }),
      },
      shopify: {
        calls: {
          order: shopify.call('orders/create', shopify.order),
          refund: shopify.call('refunds/create', shopify.refund),
          cart: shopify.call('carts/update', shopify.cart),
          checkout: shopify.call('checkouts/update', shopify.checkout),
          customer: shopify.call('customers/create', shopify.customer),
          redact: shopify.call('customers/redact', shopify.redact),
          product: shopify.call('products/update', shopify.product),
        },
        sign: shopify.sign,
        silent: ['product'],
      },
      eccube: {
        calls: {
          order: eccube.call([{ entity: 'order', id: 13, action: 'created' }]),
          customer: eccube.call([{ entity: 'customer', id: 5, action: 'updated' }]),
        },
        sign: eccube.sign,
      },
      woocommerce: {
        calls: {
          order: woo.call('order.created', woo.order),
          customer: woo.call('customer.updated', woo.customer),
          product: woo.call('product.updated', woo.product),
        },
        sign: woo.sign,
        silent: ['product'],
      },
    },
    polls: {
      'eccube-catch-up': { drafts: 3, refusal: { json: { errors: [{ message: 'no' }] } } },
      'woocommerce-catch-up': { drafts: 3, refusal: { json: { code: 'woocommerce_rest_cannot_view' } } },
    },
    files: {
      orders: {
        name: 'orders.csv',
        content:
          '注文番号,注文日時,会員ID,商品コード,数量,単価\nA-1,2026/11/21 10:00,5001,4901234567894,2,1500\nA-2,2026/11/21 11:00,5002,p,1,100\n',
        options: {},
        drafts: 2,
      },
      customers: { name: 'customers.csv', content: '会員ID,登録日,姓\n5001,2026/11/01,山田\n', options: {}, drafts: 1 },
    },
  };
});
