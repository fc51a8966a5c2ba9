import { type Selected, type Selection, slotOf } from './selection.ts';

/** An object on its way from the database to the reader. */
export type Row = Record<string, unknown>;

/** One value of a row: where SQL finds it, and what is left to do with it in this process. */
export interface Column {
  readonly sql: string;
  readonly finish?: ((value: unknown) => unknown) | undefined;
}

/** Turns one selected field of the row called `row` into SQL. */
export type FieldSql = (row: string, field: Selected, statement: Compilation) => Column;

/** The fields a kind of object has. A selected field that is not among them belongs to somebody else and is left out. */
export type Shape = Readonly<Record<string, FieldSql>>;

export interface Columns {
  readonly sql: string;
  readonly finish: ((row: Row) => void) | undefined;
}

/** The parameters and row names of one statement. `$1` is the workspace. */
export class Compilation {
  readonly values: unknown[];
  #rows = 0;

  constructor(workspaceId: number) {
    this.values = [workspaceId];
  }

  bind(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  row(prefix: string): string {
    this.#rows += 1;
    return `${prefix}${this.#rows}`;
  }
}

/** A column as it is stored. */
export const column =
  (name: string): FieldSql =>
  (row) => ({ sql: `${row}.${name}` });

/** The key of the source a row came from; `id` names the column that holds the source's number. */
export const sourceKey =
  (id: (row: string) => string): FieldSql =>
  (row) => ({ sql: `(select source.key from source where source.workspace_id = $1 and source.id = ${id(row)})` });

// PostgreSQL cuts names at 63 bytes, and two that were cut could meet; anything else in a name would be an injection.
const slotPattern = /^[\w@]{1,63}$/;

/** The select list for a selection. `always` names fields that are read even when nobody asked. */
export function columnsOf(shape: Shape, selection: Selection, { row, statement, always = [] }: ColumnsOptions): Columns {
  const parts: string[] = [];
  const finishers: [slot: string, finish: (value: unknown) => unknown][] = [];
  const wanted = [...selection, ...always.filter((field) => !selection.some((one) => slotOf(one) === field)).map((field) => ({ field }))];
  for (const field of wanted) {
    const fieldSql = Object.hasOwn(shape, field.field) ? shape[field.field] : undefined;
    if (fieldSql === undefined) continue;
    const slot = slotOf(field);
    if (!slotPattern.test(slot)) throw new TypeError(`"${slot}" cannot name a field`);
    const { sql, finish } = fieldSql(row, field, statement);
    parts.push(`${sql} as "${slot}"`);
    if (finish) finishers.push([slot, finish]);
  }
  return { sql: parts.length > 0 ? parts.join(', ') : 'null as "@"', finish: finishers.length > 0 ? apply(finishers) : undefined };
}

export interface ColumnsOptions {
  readonly row: string;
  readonly statement: Compilation;
  readonly always?: readonly string[];
}

const apply =
  (finishers: readonly [slot: string, finish: (value: unknown) => unknown][]) =>
  (row: Row): void => {
    for (const [slot, finish] of finishers) row[slot] = finish(row[slot]);
  };

/** One object below another, or null; `from` is what follows `from`. */
export const one = (columns: Columns, from: string): Column => ({
  sql: `(select row_to_json(r) from (select ${columns.sql} from ${from}) r)`,
  finish:
    columns.finish &&
    ((value) => {
      if (value !== null) columns.finish?.(value as Row);
      return value;
    }),
});

/** The objects below another. */
export const many = (columns: Columns, from: string): Column => ({
  sql: `(select coalesce(json_agg(r), '[]') from (select ${columns.sql} from ${from}) r)`,
  finish:
    columns.finish &&
    ((value) => {
      for (const row of value as Row[]) columns.finish?.(row);
      return value;
    }),
});
