import { type Column, type Compilation, column, columnsOf, type Shape, sourceKey } from './compilation.ts';
import { connection } from './connection.ts';
import type { Selected } from './selection.ts';

const quarantinedShape: Shape = {
  id: column('id'),
  source: sourceKey((row) => `${row}.source_id`),
  receivedAt: column('received_at'),
  violations: column('violations'),
  draft: column('draft'),
  attempts: column('attempts'),
  replayedAt: column('replayed_at'),
};

/** The events that could not be accepted, newest first; those that went through in the end only with `replayed`. */
export function quarantined(field: Selected, statement: Compilation): Column {
  const row = statement.row('q');
  const { source, replayed } = field.args ?? {};
  const bySource =
    typeof source === 'string'
      ? ` and ${row}.source_id = (select id from source where workspace_id = $1 and key = ${statement.bind(source)})`
      : '';
  return connection(field, {
    statement,
    row,
    order: [
      { sql: `${row}.received_at`, kind: 'time', descending: true },
      { sql: `${row}.id`, kind: 'uuid', descending: true },
    ],
    node: (selection) => columnsOf(quarantinedShape, selection, { row, statement }),
    from: ({ keyset, orderBy, limit }) =>
      `from quarantined_event ${row} where ${row}.workspace_id = $1${replayed ? '' : ` and ${row}.replayed_at is null`}${bySource}${keyset()} order by ${orderBy()} limit ${limit}`,
  });
}
