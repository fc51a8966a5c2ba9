import { type Column, type Columns, type Compilation, columnsOf } from './compilation.ts';
import { connection } from './connection.ts';
import { customerColumns } from './customer.ts';
import { programShape } from './delivery.ts';
import { segmentColumns } from './segment.ts';
import type { Selected, Selection } from './selection.ts';

/** A whole statement with one expression in it. */
export interface Plan extends Column {
  readonly statement: Compilation;
}

/** A whole statement with one row per object, each under its `@key`. */
export interface BatchPlan {
  readonly text: string;
  /** The parameters, with the keys asked for in their place, `$2`. */
  readonly values: (keys: readonly string[]) => readonly unknown[];
  readonly finish: Columns['finish'];
}

/** The customers who answer now for the ids asked, which may be ids that were merged away. */
export function customersById(statement: Compilation, selection: Selection): BatchPlan {
  const keys = statement.bind([]);
  const customer = statement.row('c');
  const columns = customerColumns(selection, customer, statement);
  return plan(statement, columns, {
    key: 'k.id',
    from: `unnest(${keys}::uuid[]) k(id) join identity f on f.workspace_id = $1 and f.id = k.id
     join customer ${customer} on ${customer}.workspace_id = $1 and ${customer}.id = f.customer_id`,
  });
}

/** Segments by key: those asked for, or all. Without `archived` only those still in use. */
export function segmentsByKey(statement: Compilation, selection: Selection, { only = false, archived = false } = {}): BatchPlan {
  const row = statement.row('s');
  const wanted = only ? ` and ${row}.key = any(${statement.bind([])}::text[])` : '';
  return plan(statement, segmentColumns(selection, row, statement), {
    key: `${row}.key`,
    from: `segment ${row} where ${row}.workspace_id = $1${wanted}${archived ? '' : ` and ${row}.status <> 'ARCHIVED'`} order by ${row}.key`,
  });
}

/** Programs by key: those asked for, or all. */
export function programsByKey(statement: Compilation, selection: Selection, { only = false } = {}): BatchPlan {
  const row = statement.row('g');
  const wanted = only ? ` and ${row}.key = any(${statement.bind([])}::text[])` : '';
  return plan(statement, columnsOf(programShape, selection, { row, statement }), {
    key: `${row}.key`,
    from: `program ${row} where ${row}.workspace_id = $1${wanted} order by ${row}.key`,
  });
}

/** A page of the customers a condition over `c` holds for, by id. */
export function customersByRule(statement: Compilation, condition: string, field: Selected): Plan {
  return {
    statement,
    ...connection(field, {
      statement,
      row: 'c',
      order: [{ sql: 'c.id', kind: 'uuid', descending: false }],
      node: (selection) => customerColumns(selection, 'c', statement),
      from: ({ keyset, orderBy, limit }) =>
        `from customer c where c.workspace_id = $1 and ${condition}${keyset()} order by ${orderBy()} limit ${limit}`,
    }),
  };
}

function plan(statement: Compilation, columns: Columns, { key, from }: { key: string; from: string }): BatchPlan {
  return {
    text: `select row_to_json(r) as value from (select ${key} as "@key", ${columns.sql} from ${from}) r`,
    values: (keys) => (keys.length > 0 ? statement.values.with(1, keys) : statement.values),
    finish: columns.finish,
  };
}
