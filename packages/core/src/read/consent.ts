import { type Column, type Compilation, column, columnsOf, many, type Shape, sourceKey } from './compilation.ts';
import { sizeOf } from './page.ts';
import type { Selected } from './selection.ts';

// `customer.consents` holds { "purpose/channel": { state, at, i: identity } }, and "purpose/channel/scope" for one kind of data.
const consentShape: Shape = {
  purpose: (row) => ({ sql: `split_part(${row}.key, '/', 1)` }),
  channel: (row) => ({ sql: `split_part(${row}.key, '/', 2)` }),
  scope: (row) => ({ sql: `coalesce(substring(${row}.key from '^[^/]*/[^/]*/(.*)$'), '*')` }),
  state: (row) => ({ sql: `${row}.value ->> 'state'` }),
  decidedAt: (row) => ({ sql: `${row}.value ->> 'at'` }),
  identityId: (row) => ({ sql: `${row}.value ->> 'i'` }),
};

const recordShape: Shape = {
  identityId: column('identity_id'),
  position: column('position'),
  eventId: column('event_id'),
  purpose: column('purpose'),
  channel: column('channel'),
  scope: column('scope'),
  state: column('state'),
  occurredAt: column('occurred_at'),
  recordedAt: column('recorded_at'),
  source: sourceKey((row) => `${row}.source_id`),
  evidence: column('evidence'),
  previousHash: (row) => ({ sql: `encode(${row}.previous_hash, 'hex')` }),
  hash: (row) => ({ sql: `encode(${row}.hash, 'hex')` }),
};

/** The decisions in force for the customer in row `customer`. */
export function consentsOf(customer: string, field: Selected, statement: Compilation): Column {
  const row = statement.row('p');
  const columns = columnsOf(consentShape, field.select ?? [], { row, statement });
  return many(columns, `jsonb_each(${customer}.consents) ${row} order by ${row}.key`);
}

/** The ledger of the customer in row `customer`, newest decision first. */
export function consentRecordsOf(customer: string, field: Selected, statement: Compilation): Column {
  const row = statement.row('p');
  const columns = columnsOf(recordShape, field.select ?? [], { row, statement });
  const identity = statement.row('i');
  return many(
    columns,
    `identity ${identity} join consent_record ${row} on ${row}.workspace_id = $1 and ${row}.identity_id = ${identity}.id
     where ${identity}.workspace_id = $1 and ${identity}.customer_id = ${customer}.id
     order by ${row}.occurred_at desc, ${row}.identity_id, ${row}.position desc limit ${statement.bind(sizeOf(field.args ?? {}, 50))}`,
  );
}
