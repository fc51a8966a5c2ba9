import { UnusableFile } from '../file.ts';
import { detached } from './read.ts';
import type { Row, Table } from './table.ts';

/** All the lines of one order or receipt, wherever in the file they stand. A line that belongs to none comes alone, without a key. */
export interface Group {
  readonly key: string | undefined;
  readonly rows: readonly Row[];
}

/** More lines than any basket has: the wrong column was named, and the whole file would be gathered in memory. */
const mostRows = 10_000;
const mostStrays = 100;
/** As many keys as a Map holds. */
const mostGroups = 2 ** 24 - 1;

/**
 * Gathers rows by key and releases each group at its last row, in one further pass through the file: what is in memory
 * are the keys, and the rows of the groups that are open at that point.
 *
 * A broken row whose key can be read goes with its group; one that stands between two rows of the same group goes with that.
 */
export async function* groups(table: Table, keyOf: (row: Row) => string | undefined): AsyncIterable<Group> {
  const remaining = await countRows(table, keyOf);
  const open = new Map<string, Row[]>();
  let before: string | undefined;
  let strays: Row[] = [];
  for await (const rows of table.rows()) {
    for (const row of rows) {
      const key = keyOf(row);
      if (key === undefined) {
        strays.push(row);
        // Only a few can belong to one basket; a file that is broken throughout is not gathered in memory.
        if (strays.length > mostStrays) for (const stray of strays.splice(0)) yield { key: undefined, rows: [stray] };
        continue;
      }
      const group = open.get(key) ?? [];
      const left = (remaining.get(key) ?? 0) - 1;
      if (strays.length > 0) {
        if (key === before) group.push(...strays);
        else for (const stray of strays) yield { key: undefined, rows: [stray] };
        strays = [];
      }
      group.push(left > 0 ? kept(row) : row);
      before = key;
      if (left > 0) {
        remaining.set(key, left);
        if (group.length === 1) open.set(detached(key), group);
        continue;
      }
      remaining.delete(key);
      open.delete(key);
      yield { key, rows: group };
    }
  }
  for (const stray of strays) yield { key: undefined, rows: [stray] };
}

/** What is cut out of a block keeps the whole block in memory: rows that wait for the rest of their group must not. */
const kept = (row: Row): Row => ({ ...row, raw: detached(row.raw), cells: row.cells.map(detached) });

async function countRows(table: Table, keyOf: (row: Row) => string | undefined): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const rows of table.rows()) {
    for (const row of rows) {
      const key = keyOf(row);
      if (key === undefined) continue;
      const count = (counts.get(key) ?? 0) + 1;
      if (count > mostRows)
        throw new UnusableFile(`more than ${mostRows.toLocaleString('en')} lines belong to "${key}": is that column its number?`);
      if (counts.size === mostGroups)
        throw new UnusableFile(`it has more than ${mostGroups.toLocaleString('en')} orders or receipts: split it`);
      counts.set(count === 1 ? detached(key) : key, count);
    }
  }
  return counts;
}
