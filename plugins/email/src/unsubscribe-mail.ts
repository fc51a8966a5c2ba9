import { createHash } from 'node:crypto';
import type { Desk, Draft } from '@enishi/plugin-sdk';
import PostalMime from 'postal-mime';
import { unsubscribed } from './events.ts';
import type { Tokens } from './token.ts';

/** The second way out in the head of a mail, for mailbox programs that write a mail instead of calling an address. */
export const unsubscribeMailto = (mailbox: string, token: string): string =>
  `mailto:${mailbox}?subject=${encodeURIComponent(`unsubscribe ${token}`)}`;

const asked = /^\s*unsubscribe\s+([\w-]+)\s*$/i;
const headOnly = { maxNestingDepth: 10, maxHeadersSize: 128 * 1024 } as const;

/**
 * The request of a mail that was written by that way out. Its token decides whose it is, as in the link: who sends it is not
 * asked, for anybody can write any sender, and many read at another address than the mail was sent to. `undefined` for any other mail.
 */
export async function readUnsubscribeMail(raw: Uint8Array, { open }: Tokens, desk: Desk): Promise<Draft | undefined> {
  const { subject = '', date = '', messageId } = await PostalMime.parse(raw, headOnly);
  const [, token] = asked.exec(subject) ?? [];
  const subscription = token === undefined ? undefined : open(token);
  if (subscription?.workspace !== desk.workspace) return undefined;
  const { email, purpose, delivery } = subscription;
  const now = desk.now();
  const written = new Date(date);
  return unsubscribed({
    id: `${delivery}/${createHash('sha256')
      .update(messageId ?? raw)
      .digest('hex')
      .slice(0, 32)}`,
    at: written <= now ? written : now,
    identifiers: { email },
    properties: { purpose, delivery, way: 'mail' },
    consents: [{ purpose, channel: 'email', state: 'WITHDRAWN', evidence: { kind: 'unsubscribe-mail', delivery, messageId } }],
  });
}
