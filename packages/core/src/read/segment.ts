import { type Column, type Columns, type Compilation, column, columnsOf, type FieldSql, many, one, type Shape } from './compilation.ts';
import { connection } from './connection.ts';
import { customerColumns } from './customer.ts';
import { sizeOf } from './page.ts';
import type { Selected, Selection } from './selection.ts';

const segmentShape: Shape = {
  key: column('key'),
  name: column('name'),
  description: column('description'),
  rule: column('rule'),
  version: column('version'),
  status: column('status'),
  size: column('size'),
  createdAt: column('created_at'),
  updatedAt: column('updated_at'),
  members: membersOf,
};

/** The one segment whose number the column holds. */
export function segmentIn(id: string): FieldSql {
  return (holder, field, statement) => {
    const row = statement.row('s');
    const from = `segment ${row} where ${row}.workspace_id = $1 and ${row}.id = ${holder}.${id}`;
    return one(segmentColumns(field.select ?? [], row, statement), from);
  };
}

/** The select list for segments in row `row`; their key always comes along. */
export const segmentColumns = (selection: Selection, row: string, statement: Compilation): Columns =>
  columnsOf(segmentShape, selection, { row, statement, always: ['key'] });

const membershipShape: Shape = {
  segment: segmentIn('segment_id'),
  enteredAt: column('entered_at'),
  leftAt: column('left_at'),
};

/** The segments the customer in row `customer` is in, the newest entry first; `history` adds those it has left. */
export function membershipsOf(customer: string, field: Selected, statement: Compilation): Column {
  const row = statement.row('m');
  const columns = columnsOf(membershipShape, field.select ?? [], { row, statement });
  const limit = statement.bind(sizeOf(field.args ?? {}, 100));
  // Intervals of a customer that was merged into this one stay under its own id, which is the id of one of the identities.
  const whose = field.args?.history
    ? `${row}.customer_id in (select id from identity where workspace_id = $1 and customer_id = ${customer}.id)`
    : `${row}.customer_id = ${customer}.id and ${row}.left_at is null`;
  return many(
    columns,
    `membership ${row} where ${row}.workspace_id = $1 and ${whose} order by ${row}.entered_at desc, ${row}.segment_id limit ${limit}`,
  );
}

/** The customers who are in the segment of row `segment` now, by id: an order that stays while they come and go. */
function membersOf(segment: string, field: Selected, statement: Compilation): Column {
  const row = statement.row('m');
  const customer = statement.row('c');
  return connection(field, {
    statement,
    row,
    order: [{ sql: `${row}.customer_id`, kind: 'uuid', descending: false }],
    node: (selection) => customerColumns(selection, customer, statement),
    edge: { enteredAt: column('entered_at') },
    from: ({ keyset, orderBy, limit }) =>
      `from membership ${row} join customer ${customer} on ${customer}.workspace_id = $1 and ${customer}.id = ${row}.customer_id
       where ${row}.workspace_id = $1 and ${row}.segment_id = ${segment}.id and ${row}.left_at is null${keyset()} order by ${orderBy()} limit ${limit}`,
  });
}
