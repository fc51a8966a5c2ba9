import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo, Server } from 'node:net';

interface Hoodiecrow {
  readonly server: Server;
  listen(port: number, host: string): void;
  close(done: () => void): void;
  appendMessage(mailbox: string, flags: readonly string[], date: Date, raw: string | Buffer): void;
}

const hoodiecrow = createRequire(import.meta.url)('hoodiecrow-imap') as (options: unknown) => Hoodiecrow;

export const login = { user: 'bounce', password: 'a mailbox password' };

/** A real IMAP server with one mailbox, which holds these letters from the start. */
export async function startImap(letters: readonly { readonly uid: number; readonly raw: string }[] = [], uidvalidity = 7) {
  const server = hoodiecrow({
    plugins: ['ID', 'SASL-IR', 'AUTH-PLAIN', 'NAMESPACE', 'ENABLE', 'UNSELECT'],
    users: { [login.user]: { password: login.password } },
    storage: { INBOX: { uidvalidity, messages: letters.map((letter) => ({ ...letter })) } },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    settings: { host: '127.0.0.1', port, secure: false, requireTls: false, auth: login },
    append: (raw: string) => server.appendMessage('INBOX', [], new Date(), raw),
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(resolve)),
  };
}
