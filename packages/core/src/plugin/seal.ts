import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Where a secret is kept: it can be opened nowhere else, so a row copied to another plugin or workspace is worth nothing there. */
export interface Place {
  readonly plugin: string;
  readonly workspaceId: number;
  readonly key: string;
}

/** Each plugin has a key of its own in each workspace, so that one opened by mistake opens no other. */
const keyFor = (secretKey: string, { plugin, workspaceId }: Place): Buffer =>
  Buffer.from(hkdfSync('sha256', secretKey, `enishi ${workspaceId}`, `plugin state of ${plugin}`, 32));

/** Nonce, authentication tag, ciphertext (AES-256-GCM). */
export function seal(secretKey: string, place: Place, text: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, keyFor(secretKey, place), nonce).setAAD(Buffer.from(place.key));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** The text, or `undefined` where it was sealed with another secret key, for another place, or has been changed since. */
export function unseal(secretKey: string, place: Place, sealed: Buffer): string | undefined {
  const decipher = createDecipheriv(algorithm, keyFor(secretKey, place), sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
    .setAAD(Buffer.from(place.key))
    .setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
  try {
    return decipher.update(sealed.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return undefined;
  }
}
