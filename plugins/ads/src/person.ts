import type { Recipient } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { country, type Field, fields, prepare, type Rule, type Table } from './normalise/index.ts';

/** Where something is known from: an identifier's namespace, or a trait, of which `key` is one part. */
export const whereKnown = z.union([
  z.strictObject({ identifier: z.string().min(1) }),
  z.strictObject({ trait: z.string().min(1), key: z.string().min(1).optional() }),
]);
export type WhereKnown = z.output<typeof whereKnown>;

/** Which of our identifiers and traits is which field. What is not named here is never read, let alone sent. */
export type Known = { readonly [field in Field]?: WhereKnown | undefined };

/** What one platform is told, of whom, and where those live who have not said it. */
export interface Telling {
  readonly known: Known;
  readonly table: Table;
  readonly fields: readonly Field[];
  /** ISO 3166-1, two capital letters: phones and postal codes without a country are read in it. */
  readonly country: string;
}

/** The values of one person as they go to the platform, by the platform's names; nothing that is not configured, no value twice. */
export function tell(recipient: Recipient, telling: Telling): ReadonlyMap<string, readonly string[]> {
  const where = homeOf(recipient, telling);
  const told = new Map<string, readonly string[]>();
  for (const field of fields.filter((each) => telling.fields.includes(each))) {
    const source = telling.known[field];
    const found = source === undefined ? [] : rawValues(recipient, source);
    const raw = field === 'country' && found.length === 0 ? [telling.country] : found;
    for (const rule of telling.table[field] ?? []) {
      const values = preparedValues(rule, raw, where);
      if (values.length > 0) told.set(rule.as, values);
    }
  }
  return told;
}

/** The country a person's numbers and codes are read in: their own where it can be made out. */
function homeOf(recipient: Recipient, { known, country: usual }: Telling): string {
  const [raw] = known.country === undefined ? [] : rawValues(recipient, known.country);
  return (raw === undefined ? undefined : country(raw)) ?? usual;
}

const preparedValues = (rule: Rule, raw: readonly string[], country: string): string[] => [
  ...new Set(raw.flatMap((value) => prepare(rule, value, country) ?? [])),
];

/** The values of a trait or identifier as text; a trait may be a list. */
export function rawValues(recipient: Recipient, source: WhereKnown): readonly string[] {
  if ('identifier' in source) return recipient.identifiers[source.identifier] ?? [];
  const value = recipient.traits[source.trait];
  return texts(source.key === undefined ? value : partOf(value, source.key));
}

const partOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;

function texts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(texts);
  if (typeof value === 'string') return value.trim() === '' ? [] : [value];
  return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
}

/** The namespaces one of which a person must have to be found by a platform at all. */
export function addressOf(known: Known, told: readonly Field[]): readonly [string, ...string[]] | undefined {
  const alone: readonly Field[] = ['email', 'phone', 'externalId', 'advertisingId'];
  const namespaces = alone.flatMap((field) => {
    const source = told.includes(field) ? known[field] : undefined;
    return source !== undefined && 'identifier' in source ? [source.identifier] : [];
  });
  const [first, ...rest] = new Set(namespaces);
  return first === undefined ? undefined : [first, ...rest];
}
