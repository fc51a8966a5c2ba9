import { createHash } from 'node:crypto';

/** SHA-256 as lower-case hex, of the text in UTF-8. */
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** What a value is that somebody has hashed already: its SHA-256, or `foreign` where it is of a kind that no platform takes. */
export type Digest = { readonly kind: 'sha256'; readonly hex: string } | { readonly kind: 'foreign' };

/**
 * Recognises a hash by its form: 64 hex digits are SHA-256, 32 and 40 are MD5 and SHA-1. Hashing one again gives a value that
 * matches nobody, and nobody would notice.
 */
export function digestOf(raw: string): Digest | undefined {
  const text = raw.normalize('NFKC').trim().toLowerCase();
  if (/^[0-9a-f]{64}$/.test(text)) return { kind: 'sha256', hex: text };
  if (/^(?:[0-9a-f]{32}|[0-9a-f]{40})$/.test(text)) return { kind: 'foreign' };
  return undefined;
}
