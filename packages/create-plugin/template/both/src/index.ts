import { definePlugin, hostOf, secret, segment, where } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { messages } from './messages.ts';
import { account, orderPlaced, ordersWebhook, tier } from './orders.ts';

export { orderPlaced, tier } from './orders.ts';

export const acmePlugin = definePlugin({
  name: 'acme',
  description: 'Acme: orders come in, messages go out.',
  texts: {
    en: { name: 'Acme', summary: 'Takes orders from Acme and sends messages through it.' },
    ja: { name: 'Acme', summary: 'Acmeの注文を受け取り、メッセージを送ります。' },
  },
  config: z.object({
    signingSecret: secret().describe('Acme signs its calls with it.'),
    apiKey: secret().describe("Key of Acme's API."),
    apiUrl: z.url().default('https://api.acme.example').describe("Where Acme's API is."),
  }),
  events: [orderPlaced],
  namespaces: [account],
  traits: [tier],
  segments: [segment('acme-plus', 'Plus at Acme', where(tier).is('plus'))],
  hosts: ({ apiUrl }) => [hostOf(apiUrl)],
  setup: ({ signingSecret, apiKey, apiUrl }) => ({
    sources: { orders: ordersWebhook(signingSecret) },
    destinations: { messages: messages({ apiUrl, apiKey }) },
  }),
});
