import { type Column, type Compilation, column, columnsOf, type Shape, sourceKey } from './compilation.ts';
import { connection } from './connection.ts';
import type { Arguments, Selected } from './selection.ts';

const eventShape: Shape = {
  id: column('id'),
  type: column('type'),
  occurredAt: column('occurred_at'),
  receivedAt: column('received_at'),
  identityId: column('identity_id'),
  source: sourceKey((row) => `${row}.source_id`),
  properties: column('properties'),
  context: column('context'),
};

/**
 * The events of the customer in row `customer`, newest first. The event table's only index begins with the identity, so each
 * of the customer's few identities is read along it as far as the page reaches, and the pages are merged.
 */
export function eventsOf(customer: string, field: Selected, statement: Compilation): Column {
  const row = statement.row('e');
  const identity = statement.row('i');
  return connection(field, {
    statement,
    row,
    order: [
      { sql: `${row}.occurred_at`, kind: 'time', descending: true },
      { sql: `${row}.id`, kind: 'uuid', descending: true },
    ],
    node: (selection) => columnsOf(eventShape, selection, { row, statement }),
    from: ({ keyset, orderBy, limit }) =>
      `from identity ${identity} cross join lateral (
         select * from event ${row} where ${row}.workspace_id = $1 and ${row}.identity_id = ${identity}.id${filterOf(row, field.args ?? {}, statement)}${keyset()}
         order by ${orderBy()} limit ${limit}
       ) ${row} where ${identity}.workspace_id = $1 and ${identity}.customer_id = ${customer}.id order by ${orderBy()} limit ${limit}`,
  });
}

function filterOf(row: string, { types, from, to }: Arguments, statement: Compilation): string {
  return [
    Array.isArray(types) ? ` and ${row}.type = any(${statement.bind(types)}::text[])` : '',
    typeof from === 'string' ? ` and ${row}.occurred_at >= ${statement.bind(from)}::timestamptz` : '',
    typeof to === 'string' ? ` and ${row}.occurred_at < ${statement.bind(to)}::timestamptz` : '',
  ].join('');
}
