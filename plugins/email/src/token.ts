import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Whom an unsubscribe link speaks for. */
export interface Subscription {
  readonly workspace: string;
  readonly email: string;
  readonly purpose: string;
  /** The delivery whose mail carried the link. */
  readonly delivery: string;
}

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

const keyOf = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', 'enishi.email.unsubscribe', 32));

/**
 * Seals and opens unsubscribe tokens. Encrypted and authenticated (AES-256-GCM): a token cannot be forged or changed, and an
 * address in a link is not readable in the logs of every proxy it passes. `former` secrets still open old tokens: links in
 * sent mail must go on working for as long as the mail exists.
 */
export function tokens(secret: string, former: readonly string[] = []) {
  const sealing = keyOf(secret);
  const opening = [sealing, ...former.map(keyOf)];
  return {
    seal({ workspace, email, purpose, delivery }: Subscription): string {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce, { authTagLength: tagBytes });
      const sealed = Buffer.concat([cipher.update(JSON.stringify([workspace, email, purpose, delivery])), cipher.final()]);
      return Buffer.concat([Buffer.from([version]), nonce, sealed, cipher.getAuthTag()]).toString('base64url');
    },
    /** `undefined` for anything that `seal` did not make. */
    open(token: string): Subscription | undefined {
      const bytes = Buffer.from(token, 'base64url');
      if (token.length > 2000 || bytes[0] !== version || bytes.length <= 1 + nonceBytes + tagBytes) return undefined;
      for (const key of opening) {
        const opened = openWith(key, bytes);
        if (opened !== undefined) return opened;
      }
      return undefined;
    },
  };
}

export type Tokens = ReturnType<typeof tokens>;

function openWith(key: Buffer, bytes: Buffer): Subscription | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + nonceBytes), { authTagLength: tagBytes });
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(1 + nonceBytes, -tagBytes)), decipher.final()]).toString();
    const [workspace, email, purpose, delivery] = JSON.parse(text) as [string, string, string, string];
    return { workspace, email, purpose, delivery };
  } catch {
    return undefined;
  }
}
