import { type Delivery, type Desk, definePlugin, destination, hostOf, type Outcome, outcomeOf, secret } from '@enishi/plugin-sdk';
import { z } from 'zod';

const message = z.object({ text: z.string().min(1).max(670).describe('What is sent: 70 characters are one message, 670 are ten.') });

const answer = z.object({ id: z.string().optional(), error: z.string().optional() });

/** The gateway's word for a number that takes no messages, or whose owner has asked for none. */
const deadNumber = 'unreachable';

/** Text messages: the destination `sms.message`, through any gateway that takes `POST { to, text }`. */
export const sms = definePlugin({
  name: 'sms',
  description: 'Text messages through an HTTP gateway.',
  texts: {
    en: { name: 'SMS', summary: 'Sends text messages through an HTTP gateway of your choice.' },
    ja: { name: 'SMS', summary: 'お使いのHTTPゲートウェイを通じてショートメッセージを送ります。' },
  },
  config: z.object({
    url: z.url().describe('Where the gateway takes messages.'),
    key: secret().describe('Sent as a bearer token.'),
    sender: z.string().max(20).optional().describe('Number or name the message comes from, where the gateway lets you choose.'),
  }),
  hosts: ({ url }) => [hostOf(url)],
  setup: ({ url, key, sender }) => {
    const send = async ({ id, recipient, message: { text } }: Delivery<z.infer<typeof message>>, desk: Desk): Promise<Outcome> => {
      const [to] = recipient.identifiers.phone ?? [];
      if (to === undefined) return { status: 'rejected', reason: 'the customer has no telephone number' };
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': id };
      const reply = await desk.fetch(url, { method: 'POST', headers, body: JSON.stringify({ to, text, sender }) });
      const outcome = outcomeOf(reply);
      if (outcome.status !== 'delivered' && outcome.status !== 'rejected') return outcome;
      const said = answer.safeParse(await reply.json().catch(() => undefined)).data;
      if (said?.error === deadNumber) return { status: 'unreachable', reason: 'the gateway cannot reach this number' };
      if (said?.error !== undefined) return { status: 'rejected', reason: said.error };
      if (outcome.status === 'rejected') return outcome;
      if (said === undefined) return { status: 'retry', reason: 'the gateway answered no JSON' };
      return said.id === undefined ? outcome : { ...outcome, reference: said.id };
    };
    return {
      destinations: {
        message: destination({
          description: 'One text message to one customer.',
          purpose: 'marketing',
          channel: 'sms',
          address: 'phone',
          message,
          send: (deliveries, desk) => Promise.all(deliveries.map((delivery) => send(delivery, desk))),
          preview: async (delivery) => ({ parts: [{ name: 'text', contentType: 'text/plain', body: delivery.message.text }] }),
        }),
      },
    };
  },
});
