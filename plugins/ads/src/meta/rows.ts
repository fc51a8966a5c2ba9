import { createHash } from 'node:crypto';
import type { Recipient } from '@enishi/plugin-sdk';
import { fields } from '../normalise/index.ts';
import { rawValues, type Telling, tell } from '../person.ts';
import type { MetaSettings } from '../settings.ts';

/** What Meta takes in one call. Source: Meta, "Custom Audience Users". */
export const rowsPerCall = 10_000;

export type Cell = string | readonly string[];
export type Row = readonly Cell[];

type LimitedDataUse = MetaSettings['limitedDataUse'];

/** The columns of every row, in the order of the values. */
export function schemaOf({ fields: told, table }: Telling, limited: LimitedDataUse): string[] {
  const columns = fields.filter((field) => told.includes(field)).flatMap((field) => table[field] ?? []);
  return [...columns.map(({ as }) => as), ...(limited === undefined ? [] : ['DATA_PROCESSING_OPTIONS'])];
}

/** Nobody is found by these alone. */
const weak = new Set(['COUNTRY', 'GEN', 'ST', 'CT', 'ZIP', 'DOBY', 'DOBM', 'DOBD', 'FN', 'LN']);
const found = (told: ReadonlyMap<string, unknown>): boolean =>
  [...told.keys()].some((name) => !weak.has(name)) || ['FN', 'LN', 'ZIP'].every((name) => told.has(name));

/** The rows of one person: one for each address or number they have, so that any of them finds them. None where nothing could. */
export function rowsOf(recipient: Recipient, telling: Telling, limited: LimitedDataUse): Row[] {
  const told = tell(recipient, telling);
  if (!found(told)) return [];
  const columns = schemaOf(telling, undefined);
  const many = Math.max(...[...told.values()].map((values) => values.length));
  return Array.from({ length: many }, (_, at) => [
    ...columns.map((column) => told.get(column)?.[at] ?? told.get(column)?.[0] ?? ''),
    ...(limited === undefined ? [] : [isLimited(recipient, limited) ? ['LDU'] : []]),
  ]);
}

/** Whether this person's data may be used in a limited way only. */
export function isLimited(recipient: Recipient, limited: NonNullable<LimitedDataUse>): boolean {
  return limited.of === 'everybody' || rawValues(recipient, limited.of).some((value) => value === 'true' || value === '1');
}

/** A positive number below 2^53, the same for the same words: Meta wants an int64, and JSON numbers are exact up to there. */
export function sessionId(...words: readonly string[]): number {
  const digest = createHash('sha256').update(words.join('\n')).digest();
  return (digest.readUIntBE(0, 6) % (2 ** 47 - 1)) + 1;
}
