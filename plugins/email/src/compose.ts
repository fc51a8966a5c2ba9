import type { Delivery } from '@enishi/plugin-sdk';
import { wireAddress } from './address.ts';
import { type Message, readSender } from './message.ts';
import type { Mail } from './transport.ts';
import { unsubscribeMailto } from './unsubscribe-mail.ts';
import { write } from './write.ts';

export interface ComposeSettings {
  readonly from: string;
  /** Who sends, with postal address: printed under every mail. */
  readonly footer?: string | undefined;
  /** A mailbox that takes unsubscribe requests, besides the link. */
  readonly unsubscribeMailbox?: string | undefined;
  /** The mailbox that bounces come back to. */
  readonly bounceAddress?: string | undefined;
  readonly ses?: { readonly configurationSet?: string | undefined } | undefined;
  readonly sendgrid?: object | undefined;
}

export interface Addressee {
  readonly email: string;
  readonly unsubscribeUrl: string;
  /** The token in that link. */
  readonly token: string;
  /** Names the delivery wherever a mail's marks come back. */
  readonly stamp: string;
}

/** The mail of one delivery: a text part always, an HTML part if the message has one, and a way out in the headers and the body. */
export function compose(delivery: Delivery<Message>, addressee: Addressee, settings: ComposeSettings): Mail {
  const { message, recipient } = delivery;
  const { email, unsubscribeUrl, token, stamp } = addressee;
  const from = readSender(message.from ?? settings.from) ?? { name: '', address: settings.from };
  const address = wireAddress(email);
  const { unsubscribeMailbox, bounceAddress, footer } = settings;
  return {
    from,
    // As an object: an address is never parsed again, so no odd one can become two recipients.
    to: { name: '', address },
    envelope: { from: bounceAddress === undefined ? from.address : returnPath(bounceAddress, stamp), to: [address] },
    ...(bounceAddress === undefined ? {} : { dsn: { id: stamp, return: 'headers', notify: ['failure'], recipient: address } }),
    ...write(message, { email, traits: recipient.traits, unsubscribeUrl }, footer),
    messageId: `<${stamp}@${from.address.split('@')[1]}>`,
    // Nested on purpose: a flat list makes one header per entry, and RFC 8058 wants a single one with the https address first.
    list: {
      unsubscribe: [[{ url: unsubscribeUrl }, ...(unsubscribeMailbox === undefined ? [] : [unsubscribeMailto(unsubscribeMailbox, token)])]],
    },
    headers: { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click', ...providerHeaders(delivery, settings) },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** `bounce+STAMP@host`: each mail comes back to an address of its own, so that even a bounce in prose names its delivery. */
function returnPath(bounceAddress: string, stamp: string): string {
  const at = bounceAddress.lastIndexOf('@');
  return `${bounceAddress.slice(0, at)}+${stamp}${bounceAddress.slice(at)}`;
}

/** What makes a provider's events name the delivery. The provider takes these out again before it sends the mail on. */
function providerHeaders({ id, workspace }: Delivery<Message>, { ses, sendgrid }: ComposeSettings) {
  return {
    ...(ses === undefined ? {} : { 'X-SES-MESSAGE-TAGS': verbatim(`enishi-delivery=${id}, enishi-workspace=${workspace}`) }),
    ...(ses?.configurationSet === undefined ? {} : { 'X-SES-CONFIGURATION-SET': verbatim(ses.configurationSet) }),
    ...(sendgrid === undefined ? {} : { 'X-SMTPAPI': verbatim(uniqueArguments(id, workspace)) }),
  };
}

// Left alone, a value with a long word in it is encoded, and the provider no longer understands it.
const verbatim = (value: string) => ({ prepared: true, value });

const uniqueArguments = (delivery: string, workspace: string): string =>
  JSON.stringify({ unique_args: { enishi_delivery: delivery, enishi_workspace: workspace } });
