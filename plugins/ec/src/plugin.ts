import { type AnyEventType, definePlugin } from '@enishi/plugin-sdk';
import { ProductResolver } from './catalogue/resolver.ts';
import { computedTraits } from './computed.ts';
import { config, hostsOf } from './config.ts';
import { customerId, orderNumber, traits } from './customer.ts';
import { eccubeCatchUp } from './eccube/catch-up.ts';
import { eccubeWebhook } from './eccube/webhook.ts';
import * as events from './events/index.ts';
import { customersFile } from './files/customers.ts';
import { ordersFile } from './files/orders.ts';
import { icon, texts } from './look.ts';
import { firstTimeBuyers, lapsedBuyers, repeatBuyers } from './segments.ts';
import { shopifyWebhook } from './shopify/webhook.ts';
import { shopWebhook } from './webhook.ts';
import { wooCatchUp } from './woocommerce/catch-up.ts';
import { wooWebhook } from './woocommerce/webhook.ts';

export const ec = definePlugin({
  name: 'ec',
  description: 'A web shop: orders, carts, customers and products by Shopify, EC-CUBE 4, WooCommerce, signed webhook and file.',
  config,
  keepsSecrets: ({ eccube }) => eccube !== undefined,
  hosts: hostsOf,
  texts,
  icon,
  events: Object.values(events) satisfies AnyEventType[],
  namespaces: [customerId, orderNumber],
  traits,
  computedTraits,
  segments: [firstTimeBuyers, repeatBuyers, lapsedBuyers],
  resolvers: [ProductResolver],
  setup: ({ webhookSecret, shop, shopify, eccube, woocommerce }) => ({
    sources: {
      ...(webhookSecret === undefined ? {} : { webhook: shopWebhook({ secret: webhookSecret, shop }) }),
      ...(shopify && { shopify: shopifyWebhook({ webhookSecret: shopify.webhookSecret, shop: shopify.shop ?? shop }) }),
      ...(eccube && {
        eccube: eccubeWebhook({ ...eccube, shop: eccube.shop ?? shop }),
        'eccube-catch-up': eccubeCatchUp({ ...eccube, shop: eccube.shop ?? shop }),
      }),
      ...(woocommerce && {
        woocommerce: wooWebhook({ webhookSecret: woocommerce.webhookSecret, shop: woocommerce.shop ?? shop }),
        'woocommerce-catch-up': wooCatchUp({ ...woocommerce, shop: woocommerce.shop ?? shop }),
      }),
      orders: ordersFile({ shop }),
      customers: customersFile({ shop }),
    },
  }),
});
