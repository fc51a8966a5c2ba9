import { createTransport, type SendMailOptions } from 'nodemailer';

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly requireTls: boolean;
  readonly auth?: { readonly user: string; readonly password: string } | undefined;
  readonly connections: number;
  readonly timeoutSeconds: number;
}

/** A pool of SMTP connections. Retrying is the host's business: the pool itself never sends anything again. */
export function openTransport({ host, port, secure, requireTls, auth, connections, timeoutSeconds }: SmtpSettings) {
  const milliseconds = timeoutSeconds * 1000;
  const transport = createTransport({
    pool: true,
    host,
    port,
    secure,
    requireTLS: requireTls,
    ...(auth === undefined ? {} : { auth: { user: auth.user, pass: auth.password } }),
    maxConnections: connections,
    maxRequeues: 0,
    connectionTimeout: milliseconds / 3,
    greetingTimeout: milliseconds / 3,
    dnsTimeout: milliseconds / 3,
    socketTimeout: milliseconds,
  });
  transport.use('stream', (mail, done) => {
    const onHandedOver = watchers.get(mail.data.messageId ?? '');
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
