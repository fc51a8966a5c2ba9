import { type Column, type Columns, type Compilation, column, columnsOf, type FieldSql, many, one, type Shape } from './compilation.ts';
import { connection } from './connection.ts';
import { customerOf } from './customer.ts';
import { segmentIn } from './segment.ts';
import type { Arguments, Selected, Selection } from './selection.ts';

const destinationKey: FieldSql = (row) => ({
  sql: `(select destination.key from destination where destination.workspace_id = $1 and destination.id = ${row}.destination_id)`,
});

export const programShape: Shape = {
  key: column('key'),
  name: column('name'),
  segment: segmentIn('segment_id'),
  trigger: column('trigger'),
  holdout: column('holdout'),
  destination: destinationKey,
  message: column('message'),
  version: column('version'),
  active: column('active'),
  createdAt: column('created_at'),
  updatedAt: column('updated_at'),
};

const attemptShape: Shape = {
  attempt: column('attempt'),
  at: column('at'),
  outcome: column('outcome'),
  reason: column('reason'),
  milliseconds: column('milliseconds'),
};

const deliveryShape: Shape = {
  id: column('id'),
  customer: (row, field, statement) => customerOf(`${row}.customer_id`, field, statement),
  program: (row, field, statement) => {
    const program = statement.row('g');
    const columns = columnsOf(programShape, field.select ?? [], { row: program, statement });
    return one(columns, `program ${program} where ${program}.workspace_id = $1 and ${program}.id = ${row}.program_id`);
  },
  segment: segmentIn('segment_id'),
  destination: destinationKey,
  programVersion: column('program_version'),
  change: column('change'),
  changedAt: column('changed_at'),
  cause: column('cause'),
  status: column('status'),
  operation: column('operation'),
  obstacle: column('obstacle'),
  attempts: column('attempts'),
  attemptLog: (row, field, statement) => {
    const attempt = statement.row('a');
    const columns = columnsOf(attemptShape, field.select ?? [], { row: attempt, statement });
    return many(
      columns,
      `delivery_attempt ${attempt} where ${attempt}.workspace_id = $1 and ${attempt}.delivery_id = ${row}.id order by ${attempt}.attempt`,
    );
  },
  dueAt: column('due_at'),
  reason: column('reason'),
  reference: column('reference'),
  createdAt: column('created_at'),
  updatedAt: column('updated_at'),
};

/** What was sent to the customer in row `customer`, also while it was still several: newest first. */
export function deliveriesOf(customer: string, field: Selected, statement: Compilation): Column {
  const row = statement.row('d');
  const identity = statement.row('i');
  return connection(field, {
    ...ordered(row, statement),
    from: ({ keyset, orderBy, limit }) =>
      `from identity ${identity} cross join lateral (
         select * from delivery ${row} where ${row}.workspace_id = $1 and ${row}.customer_id = ${identity}.id${filterOf(row, field.args ?? {}, statement)}${keyset()}
         order by ${orderBy()} limit ${limit}
       ) ${row} where ${identity}.workspace_id = $1 and ${identity}.customer_id = ${customer}.id order by ${orderBy()} limit ${limit}`,
  });
}

/** The deliveries of the whole workspace, newest first; `statuses`, and keys of `program`, `segment` and `destination`, narrow them. */
export function deliveries(field: Selected, statement: Compilation): Column {
  const row = statement.row('d');
  return connection(field, {
    ...ordered(row, statement),
    from: ({ keyset, orderBy, limit }) =>
      `from delivery ${row} where ${row}.workspace_id = $1${filterOf(row, field.args ?? {}, statement)}${keyset()} order by ${orderBy()} limit ${limit}`,
  });
}

function ordered(row: string, statement: Compilation) {
  return {
    statement,
    row,
    order: [
      { sql: `${row}.created_at`, kind: 'time', descending: true },
      { sql: `${row}.id`, kind: 'uuid', descending: true },
    ] as const,
    node: (selection: Selection): Columns => columnsOf(deliveryShape, selection, { row, statement }),
  };
}

function filterOf(row: string, { statuses, program, segment, destination }: Arguments, statement: Compilation): string {
  const numberOf = (table: string, key: string): string =>
    `(select id from ${table} where workspace_id = $1 and key = ${statement.bind(key)})`;
  return [
    Array.isArray(statuses) ? ` and ${row}.status = any(${statement.bind(statuses)}::text[])` : '',
    typeof program === 'string' ? ` and ${row}.program_id = ${numberOf('program', program)}` : '',
    typeof destination === 'string' ? ` and ${row}.destination_id = ${numberOf('destination', destination)}` : '',
    typeof segment === 'string' ? ` and ${row}.segment_id = ${numberOf('segment', segment)}` : '',
  ].join('');
}
