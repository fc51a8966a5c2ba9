import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { spellingsOf } from './address.ts';

/** One mail: for which delivery, in which workspace, to whom. */
export interface Sent {
  readonly workspace: string;
  readonly delivery: string;
  readonly email: string;
}

const macLength = 16;
// A delivery's id, a dot, the seal: whatever wraps it, in whatever letter case it comes back.
const stampShape = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([0-9a-f]{16})/gi;
const addressShape = /(?:"[^"\s@]{1,64}"|[^\s"<>()[\]:;,\\@]{1,64})@[^\s"<>()[\]:;,\\@'=]{3,253}/gu;
const mostFound = 200;

/**
 * Marks mails so that what comes back names its delivery, and cannot name another. A stamp is in the Message-ID, the envelope
 * sender and the envelope id; it holds for one address in one workspace, so a report that was made up, or quotes somebody
 * else's address beside a real stamp, suppresses nobody. `former` secrets still hold for mail already sent.
 */
export function stamps(secret: string, former: readonly string[] = []) {
  const keys = [secret, ...former].map(keyOf);
  const sealOf = (key: Buffer, { workspace, delivery, email }: Sent): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([workspace, delivery.toLowerCase(), email.toLowerCase()]))
      .digest('hex')
      .slice(0, macLength);
  const holds = (sent: Sent, seal: string): boolean =>
    keys.some((key) => timingSafeEqual(Buffer.from(sealOf(key, sent)), Buffer.from(seal)));
  return {
    stamp: (sent: Sent): string => `${sent.delivery}.${sealOf(keys[0] ?? Buffer.alloc(0), sent)}`,
    /** The mail a text speaks of: a stamp of ours with the address it was made for beside it. */
    find(text: string, workspace: string): Sent | undefined {
      const addresses = new Set(found(text, addressShape).flatMap(([address]) => spellingsOf(address)));
      for (const [, delivery = '', seal = ''] of found(text, stampShape))
        for (const email of addresses) {
          const sent = { workspace, delivery: delivery.toLowerCase(), email };
          if (holds(sent, seal.toLowerCase())) return sent;
        }
      return undefined;
    },
  };
}

export type Stamps = ReturnType<typeof stamps>;

const keyOf = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', 'enishi.email.stamp', 32));

/** The first matches, each text once: a report full of addresses must not cost a check for each. */
function found(text: string, shape: RegExp): RegExpExecArray[] {
  const byText = new Map<string, RegExpExecArray>();
  for (const match of text.matchAll(shape)) {
    byText.set(match[0].toLowerCase(), match);
    if (byText.size === mostFound) break;
  }
  return [...byText.values()];
}
