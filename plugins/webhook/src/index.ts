import {
  consentWord,
  type Delivery,
  type Desk,
  definePlugin,
  destination,
  hostOf,
  type Outcome,
  outcomeOf,
  secret,
} from '@enishi/plugin-sdk';
import { z } from 'zod';
import { sign } from './sign.ts';

const message = z.object({
  event: z.string().min(1).max(100).describe('What the receiver is told has happened, such as `vip.joined`.'),
  data: z.record(z.string(), z.json()).default({}).describe('Sent along as it is.'),
});

/** Signed JSON to an address of your own: the destination `webhook.call`. */
export const webhook = definePlugin({
  name: 'webhook',
  description: 'Signed JSON to an address of your own.',
  texts: {
    en: { name: 'Webhook', summary: 'Calls an address of yours when somebody enters or leaves a segment.' },
    ja: { name: 'Webhook', summary: 'セグメントへの出入りを、お手元のURLに署名付きJSONで知らせます。' },
  },
  config: z.object({
    url: z.url().describe('Where the calls go. A name or address of your own network will do.'),
    signingSecret: secret()
      .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, 'write whsec_ and the Base64 of 24 bytes or more')
      .describe('Signs the calls, as Standard Webhooks say.'),
    purpose: consentWord.default('service').describe('The purpose the customer must have agreed to.'),
  }),
  hosts: ({ url }) => [hostOf(url)],
  setup: ({ url, signingSecret, purpose }) => {
    const call = async (delivery: Delivery<z.infer<typeof message>>, desk: Desk): Promise<Outcome> => {
      const { id, workspace, recipient, cause } = delivery;
      if (Object.keys(recipient.identifiers).length === 0)
        return { status: 'rejected', reason: 'nothing is known to name the customer by' };
      const timestamp = String(Math.floor(desk.now().getTime() / 1000));
      const body = JSON.stringify({ ...delivery.message, workspace, customer: recipient, cause });
      const signature = sign({ secret: signingSecret, id, timestamp, body });
      const proof = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
      const headers = { 'content-type': 'application/json', 'idempotency-key': id, ...proof };
      return outcomeOf(await desk.fetch(url, { method: 'POST', headers, body }));
    };
    return {
      destinations: {
        call: destination({
          description: 'One signed call about one customer.',
          purpose,
          channel: 'webhook',
          address: ['member', 'user', 'email', 'phone'],
          message,
          send: (deliveries, desk) => Promise.all(deliveries.map((delivery) => call(delivery, desk))),
        }),
      },
    };
  },
});
