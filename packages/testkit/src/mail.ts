import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  /** Envelope addresses. */
  readonly from: string;
  readonly to: readonly string[];
  /** Exactly what came over the wire. */
  readonly raw: string;
  /** Decoded: `subject`, `text`, `html`, `headers`, `attachments`. */
  readonly message: Email;
}

export interface Refusal {
  /** SMTP reply code: 4xx asks to come back, 5xx is final. */
  readonly code: number;
  readonly message: string;
}

export interface MailServer {
  /** `smtp://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** Everything received so far. */
  readonly mails: readonly ReceivedMail[];
  /** The next mail nobody has taken yet; waits for it. */
  readonly next: () => Promise<ReceivedMail>;
  /** Answers each recipient with what this says, until it is called again. */
  readonly refuse: (judge: (recipient: string) => Refusal | undefined) => void;
  readonly stop: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** A real SMTP server on a free port. */
export async function startMailServer(): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const untaken: ReceivedMail[] = [];
  const waiting: ((mail: ReceivedMail) => void)[] = [];
  let judge: (recipient: string) => Refusal | undefined = () => undefined;

  const receive = (mail: ReceivedMail): void => {
    mails.push(mail);
    const taker = waiting.shift();
    if (taker) taker(mail);
    else untaken.push(mail);
  };

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth: (_auth, _session, done) => done(null, { user: 'test' }),
    onRcptTo: ({ address }, _session, done) => {
      const refusal = judge(address);
      done(refusal && Object.assign(new Error(refusal.message), { responseCode: refusal.code }));
    },
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks);
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        const to = envelope.rcptTo.map(({ address }) => address);
        PostalMime.parse(raw).then((message) => {
          receive({ from, to, raw: raw.toString(), message });
          done();
        }, done);
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const stop = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    mails,
    next: async () => untaken.shift() ?? new Promise((resolve) => waiting.push(resolve)),
    refuse: (verdict) => {
      judge = verdict;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
