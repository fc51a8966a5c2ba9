import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface Mail {
  readonly at: Date;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Where one click withdraws the consent (RFC 8058). */
  readonly unsubscribe: string | undefined;
}

/** A real SMTP server that keeps what it gets and passes nothing on. */
export interface MailSink {
  readonly port: number;
  /** The newest first, 100 at most. */
  readonly mails: readonly Mail[];
  /** Calls back for each mail until the answered function is called. */
  readonly onMail: (listener: (mail: Mail) => void) => () => void;
  readonly stop: () => Promise<void>;
}

const kept = 100;

export async function startMailSink(): Promise<MailSink> {
  const mails: Mail[] = [];
  const listeners = new Set<(mail: Mail) => void>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData: (stream, session, done) => {
      const receive = async (): Promise<void> => {
        const parsed = await PostalMime.parse(await buffer(stream));
        const unsubscribe = parsed.headers.find(({ key }) => key === 'list-unsubscribe')?.value;
        const mail: Mail = {
          at: new Date(),
          to: session.envelope.rcptTo.map(({ address }) => address),
          subject: parsed.subject ?? '',
          text: parsed.text ?? '',
          unsubscribe: /<(https?:[^>]+)>/.exec(unsubscribe ?? '')?.[1],
        };
        mails.unshift(mail);
        mails.length = Math.min(mails.length, kept);
        for (const listener of listeners) listener(mail);
      };
      receive().then(() => done(), done);
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    onMail: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
