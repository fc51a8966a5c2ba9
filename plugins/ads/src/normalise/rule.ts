import { digestOf, sha256 } from './digest.ts';

/** What may be known of a person. What it is called, and whether it is taken at all, is each platform's own table. */
export const fields = [
  'email',
  'phone',
  'givenName',
  'familyName',
  'birthday',
  'gender',
  'postalCode',
  'prefecture',
  'city',
  'country',
  'externalId',
  'advertisingId',
  'clickId',
  'browserId',
  'ipAddress',
  'userAgent',
] as const;
export type Field = (typeof fields)[number];

/** How one platform wants one value. */
export interface Rule {
  /** The platform's name for it. */
  readonly as: string;
  /** The form the platform compares, read in the given country (ISO 3166-1); `undefined` where the value is none. */
  readonly normalise: (raw: string, country: string) => string | undefined;
  readonly sent: 'hashed' | 'plain';
  /** What becomes of a value that is a hash already: sent as it is, or not at all. It is never hashed again. */
  readonly digest: 'pass' | 'refuse';
}

/** The fields one platform takes. A birthday may be several values. */
export type Table = { readonly [field in Field]?: readonly Rule[] };

/** As it goes to the platform, or `undefined` where nothing usable can be said. */
export function prepare(rule: Rule, raw: string, country: string): string | undefined {
  const digest = digestOf(raw);
  if (digest !== undefined) return rule.digest === 'pass' && digest.kind === 'sha256' ? digest.hex : undefined;
  const value = rule.normalise(raw, country);
  if (value === undefined || value === '') return undefined;
  return rule.sent === 'hashed' ? sha256(value) : value;
}

/** A value that is sent as SHA-256. One that is a SHA-256 already passes, unless only a part of the value is asked for. */
export const hashed = (as: string, normalise: Rule['normalise'], digest: Rule['digest'] = 'pass'): Rule => ({
  as,
  normalise,
  sent: 'hashed',
  digest,
});

/** A value that must stay readable: a hash in its place would match nothing, so it is refused unless the platform takes any text. */
export const plain = (as: string, normalise: Rule['normalise'], digest: Rule['digest'] = 'refuse'): Rule => ({
  as,
  normalise,
  sent: 'plain',
  digest,
});

/** A text that is nobody's to change, such as a cookie's value: only blanks around it go. */
export const asItIs = (raw: string): string | undefined => raw.trim() || undefined;
