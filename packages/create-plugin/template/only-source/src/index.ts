import { definePlugin, secret, segment, where } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { account, orderPlaced, ordersWebhook, tier } from './orders.ts';

export { orderPlaced, tier } from './orders.ts';

export const acmePlugin = definePlugin({
  name: 'acme',
  description: 'Acme: orders come in.',
  texts: {
    en: { name: 'Acme', summary: 'Takes orders from Acme.' },
    ja: { name: 'Acme', summary: 'Acmeの注文を受け取ります。' },
  },
  config: z.object({ signingSecret: secret().describe('Acme signs its calls with it.') }),
  events: [orderPlaced],
  namespaces: [account],
  traits: [tier],
  segments: [segment('acme-plus', 'Plus at Acme', where(tier).is('plus'))],
  setup: ({ signingSecret }) => ({ sources: { orders: ordersWebhook(signingSecret) } }),
});
