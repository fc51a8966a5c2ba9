import { type Delivery, definePlugin, destination, type Outcome, secret } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { compose } from './compose.ts';
import { type Message, message, sender } from './message.ts';
import { outcomeOfError } from './outcome.ts';
import { tokens } from './token.ts';
import { openTransport } from './transport.ts';
import { unsubscribed, unsubscribeSource, unsubscribeUrl } from './unsubscribe.ts';

export type { Message } from './message.ts';
export { unsubscribed } from './unsubscribe.ts';

const purpose = 'marketing';

const config = z.strictObject({
  host: z.string().min(1).describe('Host of the SMTP server.'),
  port: z.int().min(1).max(65_535).default(587),
  secure: z.boolean().default(false).describe('TLS from the first byte (port 465). Otherwise STARTTLS where the server offers it.'),
  requireTls: z.boolean().default(false).describe('Send nothing to a server that offers no STARTTLS.'),
  auth: z.strictObject({ user: z.string().min(1), password: secret() }).optional(),
  from: sender.describe('Default sender, such as "えにし屋 <news@shop.example>".'),
  footer: z.string().max(2000).optional().describe('Printed under every mail: who sends it, with postal address.'),
  unsubscribeSecret: secret().min(16).describe('Seals unsubscribe links. At least 16 characters, random.'),
  formerUnsubscribeSecrets: z.array(secret()).default([]).describe('Earlier secrets, so that links in mail already sent go on working.'),
  unsubscribeMailbox: z.email().optional().describe('A mailbox that takes unsubscribe requests too; somebody must read it.'),
  connections: z.int().min(1).max(100).default(5).describe('SMTP connections, and mails under way at once.'),
  timeoutSeconds: z.number().positive().max(600).default(60).describe('After this a mail is given up and tried again later.'),
});

/** E-mail by SMTP: the destination `email.message`, and the unsubscribe link as the source `email.unsubscribe`. */
export const email = definePlugin({
  name: 'email',
  description: 'E-mail by SMTP, with one-click unsubscribe.',
  config,
  events: [unsubscribed],
  setup: (settings, host) => {
    const sealed = tokens(settings.unsubscribeSecret, settings.formerUnsubscribeSecrets);
    // Given up a little before the host would: then it is still known how far the mail had come.
    const transport = openTransport({ ...settings, timeoutSeconds: settings.timeoutSeconds * 0.8 });

    const deliver = async (delivery: Delivery<Message>, signal: AbortSignal): Promise<Outcome> => {
      const [address] = delivery.recipient.identifiers.email ?? [];
      if (address === undefined) return { status: 'rejected', reason: 'the customer has no e-mail address' };
      const { workspace, id } = delivery;
      const token = sealed.seal({ workspace, email: address, purpose, delivery: id });
      const link = unsubscribeUrl(host.urlOf('unsubscribe'), token, workspace);
      const deadline = AbortSignal.timeout(settings.timeoutSeconds * 900);
      let handedOver = false;
      const onHandedOver = () => {
        handedOver = true;
      };
      try {
        const mail = compose(delivery, { email: address, unsubscribeUrl: link }, settings);
        const { messageId } = await transport.send({ ...mail, signal: AbortSignal.any([signal, deadline]) }, onHandedOver);
        return { status: 'delivered', reference: messageId };
      } catch (error) {
        return outcomeOfError(error, handedOver);
      }
    };

    return {
      sources: { unsubscribe: unsubscribeSource(sealed) },
      destinations: {
        message: destination({
          description: 'One e-mail to one customer.',
          purpose,
          channel: 'email',
          address: 'email',
          message,
          concurrency: settings.connections,
          timeoutSeconds: settings.timeoutSeconds,
          send: (deliveries, { signal }) => Promise.all(deliveries.map((delivery) => deliver(delivery, signal))),
          healthCheck: transport.verify,
          close: async () => transport.close(),
        }),
      },
    };
  },
});
