import { type AnyEventType, definePlugin, secret } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { customerId, traits } from './customer.ts';
import * as events from './events/index.ts';
import { customersFile } from './files/customers.ts';
import { ordersFile } from './files/orders.ts';
import { firstTimeBuyers, lapsedBuyers, repeatBuyers } from './segments.ts';
import { shopWebhook } from './webhook.ts';

export const ec = definePlugin({
  name: 'ec',
  description: 'A web shop: orders, carts and customers by signed webhook and by file.',
  config: z.object({
    /** Signs the webhook. Without it there is no webhook. */
    webhookSecret: secret().optional(),
    /** Name of the shop, where the workspace has more than one: their account and order numbers are then kept apart. */
    shop: z
      .string()
      .regex(/^[a-z0-9-]+$/)
      .optional(),
  }),
  events: Object.values(events) satisfies AnyEventType[],
  namespaces: [customerId],
  traits,
  segments: [firstTimeBuyers, repeatBuyers, lapsedBuyers],
  setup: ({ webhookSecret, shop }) => ({
    sources: {
      ...(webhookSecret === undefined ? {} : { webhook: shopWebhook({ secret: webhookSecret, shop }) }),
      orders: ordersFile({ shop }),
      customers: customersFile({ shop }),
    },
  }),
});
