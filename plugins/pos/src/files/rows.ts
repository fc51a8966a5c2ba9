import { createHash } from 'node:crypto';
import type { Draft, FileItem } from '@enishi/plugin-sdk';
import { identifier, type Row, type RowReader, type Table, Withheld } from '@enishi/plugin-sdk/files';
import { cardNumber, householdNumber } from '../customer.ts';

/** One event per row. A row that cannot be read is reported alone. */
export async function* eachRow(table: Table, toDraft: (row: Row) => Draft): AsyncIterable<FileItem> {
  for await (const rows of table.rows()) {
    for (const row of rows) yield toItem(row, toDraft);
  }
}

function toItem(row: Row, toDraft: (row: Row) => Draft): FileItem {
  try {
    if (row.problem !== undefined) throw new Withheld(row.problem);
    return { lines: row.lines, draft: toDraft(row) };
  } catch (error) {
    if (!(error instanceof Withheld)) throw error;
    return { lines: row.lines, raw: row.raw, problem: error.message };
  }
}

export interface Who {
  readonly member: string | undefined;
  readonly household: string | undefined;
  /** Part of a message id. */
  readonly key: string;
}

/** Whom a row is about. A coupon or campaign of nobody says nothing. */
export function whoOf(row: Row, cells: RowReader, columns: { member: number | undefined; household: number | undefined }): Who {
  const member = cardNumber(identifier(cells.text(row, columns.member) ?? ''));
  const household = householdNumber(identifier(cells.text(row, columns.household) ?? ''));
  if (member === undefined && household === undefined) throw new Withheld('it names neither member nor household');
  return { member, household, key: member === undefined ? `household:${household}` : `member:${member}` };
}

export function required(row: Row, cells: RowReader, { column, name }: { column: number; name: string }): string {
  const value = identifier(cells.text(row, column) ?? '');
  if (value === undefined) throw new Withheld(`${name} is empty`);
  return value;
}

/** Tells rows apart that say the same: the second is `...#2`, in every import of the same file. */
export class Occurrences {
  readonly #seen = new Map<string, number>();

  id(key: string): string {
    const count = (this.#seen.get(key) ?? 0) + 1;
    this.#seen.set(key, count);
    return count === 1 ? key : `${key}#${count}`;
  }
}

export const fingerprint = (raw: string): string => createHash('sha256').update(raw).digest('hex').slice(0, 16);
