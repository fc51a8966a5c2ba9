import { definePlugin, destination, hostOf } from '@enishi/plugin-sdk';
import { bounced, clicked, complained, opened, reportUnreadable, unsubscribed } from './events.ts';
import { icon, texts } from './face.ts';
import { judge } from './feedback/judge.ts';
import { mailboxSource } from './feedback/mailbox.ts';
import { sendgridSource, verificationKey } from './feedback/sendgrid.ts';
import { sesSource } from './feedback/ses.ts';
import { snsHost } from './feedback/sns.ts';
import { message } from './message.ts';
import { sending } from './sending.ts';
import { type Settings, settings } from './settings.ts';
import { stamps } from './stamp.ts';
import { tokens } from './token.ts';
import { unsubscribeSource } from './unsubscribe.ts';

const purpose = 'marketing';

/**
 * E-mail by SMTP: the destination `email.message`, the unsubscribe link as the source `email.unsubscribe`, and what comes back
 * as the sources `email.mailbox`, `email.ses` and `email.sendgrid`, where they are set up.
 */
export const email = definePlugin({
  name: 'email',
  description: 'E-mail by SMTP, with one-click unsubscribe, bounces and complaints.',
  config: settings,
  events: [unsubscribed, bounced, complained, opened, clicked, reportUnreadable],
  hosts: hostsOf,
  texts,
  icon,
  setup: (config, host) => {
    const { unsubscribeSecret, formerUnsubscribeSecrets, connections, timeoutSeconds, mailsPerSecond } = config;
    const seals = {
      tokens: tokens(unsubscribeSecret, formerUnsubscribeSecrets),
      stamps: stamps(unsubscribeSecret, formerUnsubscribeSecrets),
    };
    const post = sending({ settings: config, seals, purpose, unsubscribeBase: () => host.urlOf('unsubscribe') });
    const judged = judge({ softBounces: config.softBounces, secret: unsubscribeSecret });
    const key = config.sendgrid && verificationKey(config.sendgrid.publicKey);
    return {
      sources: {
        unsubscribe: unsubscribeSource(seals.tokens),
        ...(config.mailbox === undefined ? {} : { mailbox: mailboxSource(config.mailbox, seals, judged) }),
        ...(config.ses === undefined ? {} : { ses: sesSource(config.ses, judged) }),
        ...(key === undefined ? {} : { sendgrid: sendgridSource(key, purpose, judged) }),
      },
      destinations: {
        message: destination({
          description: 'One e-mail to one customer.',
          purpose,
          channel: 'email',
          address: 'email',
          message,
          concurrency: connections,
          timeoutSeconds,
          limits: mailsPerSecond === undefined ? [] : [paceOf(mailsPerSecond)],
          send: (deliveries, { signal }) => Promise.all(deliveries.map((delivery) => post.deliver(delivery, signal))),
          preview: async (delivery) => post.preview(delivery),
          healthCheck: post.verify,
          close: post.close,
        }),
      },
    };
  },
});

/** Less than one mail per second is one mail in several. */
const paceOf = (perSecond: number) =>
  perSecond >= 1 ? { calls: Math.floor(perSecond), perSeconds: 1 } : { calls: 1, perSeconds: Math.ceil(1 / perSecond) };

/** Only certificates and confirmations of Amazon SNS are fetched over HTTP; SMTP and IMAP go to the servers of the settings. */
function hostsOf({ ses }: Settings): string[] {
  if (ses === undefined) return [];
  return ses.endpoint === undefined ? [...new Set(ses.topicArns.map(snsHost))] : [hostOf(ses.endpoint)];
}
