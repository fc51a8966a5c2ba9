import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { email, type Message } from '@enishi/plugin-email';
import type { Delivery, Host, MessageDestination, Outcome, Parts, RawRequest, WebhookSource } from '@enishi/plugin-sdk';
import { createDesk } from '@enishi/testkit';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { message as shape } from '../src/message.ts';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  /** What the sender asked about bounces (RFC 3461). */
  readonly options: { readonly from: unknown; readonly to: readonly unknown[] };
}

/** An SMTP refusal: what the server's hooks hand to their callback. */
export const refusal = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode });

/** A real SMTP server that keeps what it is given. */
export async function startSmtp(options: SMTPServerOptions = {}) {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const raw = Buffer.concat(chunks).toString();
        const options = {
          from: mailFrom ? mailFrom.args : undefined,
          to: rcptTo.map((recipient) => ('dsn' in recipient ? recipient.dsn : undefined)),
        };
        mails.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw, options });
        done();
      });
    },
    ...options,
  });
  // A client that goes away is part of some tests.
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    mails,
    parsed: (index = 0) => PostalMime.parse(mails[index]?.raw ?? ''),
    /** Drops every connection without a word. */
    hangUp: () => {
      for (const connection of server.connections) connection.close();
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

export const host: Host = { urlOf: (source) => `https://cdp.example/hooks/email/${source}` };

export interface Mailing extends AsyncDisposable {
  readonly smtp: Awaited<ReturnType<typeof startSmtp>>;
  readonly destination: MessageDestination;
  readonly unsubscribe: WebhookSource;
  readonly sources: NonNullable<Parts['sources']>;
  readonly send: (delivery: Delivery<Message>, signal?: AbortSignal) => Promise<readonly Outcome[]>;
}

/** The plugin and a server it sends to. */
export async function createMailing(
  settings: Partial<Parameters<typeof email>[0]> = {},
  options: SMTPServerOptions = {},
): Promise<Mailing> {
  const smtp = await startSmtp(options);
  const plugin = email({
    host: '127.0.0.1',
    port: smtp.port,
    from: 'えにし屋 <news@shop.example>',
    unsubscribeSecret: 'a secret of the tests',
    ...settings,
  });
  const { destinations, sources = {} } = plugin.setup(host);
  const destination = destinations?.message;
  const unsubscribe = sources.unsubscribe;
  if (destination?.kind !== 'message' || unsubscribe?.kind !== 'webhook') throw new Error('the plugin has no destination or source');
  return {
    smtp,
    destination,
    unsubscribe,
    sources,
    send: (delivery, signal = new AbortController().signal) => destination.send([delivery as Delivery<never>], createDesk({ signal })),
    [Symbol.asyncDispose]: async () => {
      await destination.close?.();
      await smtp.stop();
    },
  };
}

export const deliveryOf = (
  message: { readonly [TName in keyof Message]?: unknown },
  traits: Record<string, unknown> = {},
): Delivery<Message> => ({
  id: '0b7a3c1e-5a5e-8d11-a222-000000000001',
  workspace: 'main',
  recipient: { id: '7f7d9a52-0000-8000-a000-000000000001', identifiers: { email: ['hanako@example.jp'] }, traits },
  message: shape.parse({ subject: 'ご来店ありがとうございます', text: 'こんにちは', ...message }),
  cause: { segment: 'first-purchase', change: 'ENTERED' },
  attempt: 1,
});

/** The request that following a link makes. */
export function requestFor(link: string, request: Partial<RawRequest> = {}): RawRequest {
  const url = new URL(link);
  return {
    method: 'POST',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: {},
    body: Buffer.from('List-Unsubscribe=One-Click'),
    ...request,
  };
}

/** The web address of the List-Unsubscribe header. */
export function linkIn(raw: string): string {
  const unfolded = raw.replace(/\r\n[ \t]+/g, ' ');
  return /^List-Unsubscribe:\s*<(https?:[^>\s]+)>/im.exec(unfolded)?.[1] ?? '';
}
