import { createTransport, type SendMailOptions } from 'nodemailer';
import DKIM from 'nodemailer/lib/dkim';

export interface Dkim {
  readonly domain: string;
  readonly selector: string;
  /** RSA, in PEM. */
  readonly privateKey: string;
}

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly requireTls: boolean;
  readonly auth?: { readonly user: string; readonly password: string } | undefined;
  readonly connections: number;
  readonly mailsPerConnection: number;
  readonly timeoutSeconds: number;
  readonly dkim?: Dkim | undefined;
}

/**
 * What a signature covers. RFC 8058 wants both headers of the unsubscribe link in it, or mailbox providers show no button; the
 * library's own list leaves the second one out.
 */
const signed = [
  'From:Sender:Reply-To:Subject:Date:Message-ID:To:Cc:MIME-Version:Content-Type:Content-Transfer-Encoding',
  'In-Reply-To:References:List-Id:List-Unsubscribe:List-Unsubscribe-Post',
].join(':');

/** A pool of SMTP connections. Retrying is the host's business: the pool itself never sends anything again. */
export function openTransport(settings: SmtpSettings) {
  const { host, port, secure, requireTls, auth, connections, mailsPerConnection, timeoutSeconds } = settings;
  const milliseconds = timeoutSeconds * 1000;
  const transport = createTransport({
    pool: true,
    host,
    port,
    secure,
    requireTLS: requireTls,
    ...(auth === undefined ? {} : { auth: { user: auth.user, pass: auth.password } }),
    maxConnections: connections,
    maxMessages: mailsPerConnection,
    maxRequeues: 0,
    connectionTimeout: milliseconds / 3,
    greetingTimeout: milliseconds / 3,
    dnsTimeout: milliseconds / 3,
    socketTimeout: milliseconds,
  });
  const signer = signerOf(settings.dkim);
  transport.use('stream', (mail, done) => {
    const onHandedOver = watchers.get(mail.data.messageId ?? '');
    // Signed here and not by the transport: that would sign behind the watcher, which then called a mail handed over too early.
    if (signer !== undefined) mail.message.processFunc((content) => signer.sign(content));
    // At the very end of the chain: every earlier stage reads ahead while the server has not yet asked for the content.
    if (onHandedOver !== undefined) mail.message.processFunc((content) => content.once('end', onHandedOver));
    done();
  });
  const watchers = new Map<unknown, () => void>();
  return {
    /** Resolves when the server has taken the mail; `onHandedOver` is called when its last byte was given to the connection. */
    async send(mail: Mail, onHandedOver: () => void): Promise<{ messageId: string }> {
      watchers.set(mail.messageId, onHandedOver);
      try {
        return await transport.sendMail(mail);
      } finally {
        watchers.delete(mail.messageId);
      }
    },
    verify: async (): Promise<void> => {
      await transport.verify();
    },
    close: (): void => transport.close(),
  };
}

export type Mail = SendMailOptions & { readonly messageId: string };

const signerOf = (dkim: Dkim | undefined): DKIM | undefined =>
  dkim && new DKIM({ domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey, headerFieldNames: signed });
