import { type Sql, statement, type Transaction } from '../db/sql.ts';
import { type ConsentRecord, chain, type Decision, type Weighed } from './ledger.ts';

const heads = statement(
  'consent_heads',
  `select distinct on (identity_id) identity_id, position, hash from consent_record
   where workspace_id = $1 and identity_id = any($2::uuid[]) order by identity_id, position desc`,
);
const append = statement(
  'consent_append',
  `insert into consent_record (workspace_id, identity_id, position, event_id, purpose, channel, scope, state, occurred_at, recorded_at, source_id, evidence, previous_hash, hash)
   select $1::int, * from unnest($2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::timestamptz[], $11::int[], $12::jsonb[], $13::bytea[], $14::bytea[])`,
);

/** Appends decisions to the ledgers of their identities. Of two batches that append to the same one, the later starts over. */
export async function recordDecisions(sql: Transaction, workspaceId: number, decisions: readonly Decision[]): Promise<void> {
  if (decisions.length === 0) return;
  const identities = [...new Set(decisions.map(({ identityId }) => identityId))];
  const found = await sql<{ identity_id: string; position: number; hash: Buffer }>(heads, [workspaceId, identities]);
  const head = new Map<string, Pick<ConsentRecord, 'position' | 'hash'>>(found.map((row) => [row.identity_id, row]));
  // By identity, so that two batches wait for each other instead of deadlocking; those of one identity stay in their order.
  const inOrder = decisions.toSorted((one, other) => (one.identityId < other.identityId ? -1 : one.identityId > other.identityId ? 1 : 0));
  const records = inOrder.map((decision) => {
    const record = chain(decision, head.get(decision.identityId));
    head.set(decision.identityId, record);
    return record;
  });
  sql.send(append, [
    workspaceId,
    records.map(({ identityId }) => identityId),
    records.map(({ position }) => position),
    records.map(({ eventId }) => eventId),
    records.map(({ purpose }) => purpose),
    records.map(({ channel }) => channel),
    records.map(({ scope }) => scope),
    records.map(({ state }) => state),
    records.map(({ occurredAt }) => occurredAt),
    records.map(({ recordedAt }) => recordedAt),
    records.map(({ sourceId }) => sourceId),
    records.map(({ evidence }) => JSON.stringify(evidence ?? {})),
    records.map(({ previousHash }) => previousHash),
    records.map(({ hash }) => hash),
  ]);
}

const load = statement(
  'consent_load',
  `select h.customer_id, r.identity_id, r.event_id, r.purpose, r.channel, r.scope, r.state, r.occurred_at, r.recorded_at
   from identity h join consent_record r on r.workspace_id = h.workspace_id and r.identity_id = h.id
   where h.workspace_id = $1 and h.customer_id = any($2::uuid[])`,
);

interface Row {
  customer_id: string;
  identity_id: string;
  event_id: string;
  purpose: string;
  channel: string;
  scope: string;
  state: Weighed['state'];
  occurred_at: Date;
  recorded_at: Date;
}

/** What decides the consents in force of some customers. */
export async function loadDecisions(sql: Sql, workspaceId: number, customerIds: readonly string[]): Promise<Map<string, Weighed[]>> {
  const rows = await sql<Row>(load, [workspaceId, customerIds]);
  const byCustomer = Map.groupBy(rows, (row) => row.customer_id);
  return new Map(
    [...byCustomer].map(([customerId, some]) => [
      customerId,
      some.map((row) => ({
        identityId: row.identity_id,
        eventId: row.event_id,
        purpose: row.purpose,
        channel: row.channel,
        scope: row.scope,
        state: row.state,
        occurredAt: row.occurred_at,
        recordedAt: row.recorded_at,
      })),
    ]),
  );
}
