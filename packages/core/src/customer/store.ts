import { type Sql, statement } from '../db/sql.ts';
import { type CustomerRow, type CustomerState, factsToStore, fromRow } from './customer.ts';

const lock = statement(
  'customer_lock',
  `select id, created_at, last_event_at, traits, consents, segments, facts, rules_version from customer
   where workspace_id = $1 and id = any($2::uuid[]) order by id for no key update`,
);

/** A customer was merged away between finding and locking it: the batch starts over. */
export class CustomerGone extends Error {
  override readonly name = 'CustomerGone';
}

/** Locks customers in order of id and reads them. */
export async function lockCustomers(
  sql: Sql,
  workspaceId: number,
  { ids, rulesVersion }: { ids: readonly string[]; rulesVersion: number },
): Promise<Map<string, CustomerState>> {
  if (ids.length === 0) return new Map();
  const rows = await sql<CustomerRow>(lock, [workspaceId, ids]);
  if (rows.length !== ids.length) throw new CustomerGone();
  return new Map(rows.map((row) => [row.id, fromRow(row, rulesVersion)]));
}

const columns = '$2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::jsonb[], $6::jsonb[], $7::text[], $8::json[]';
const insert = statement(
  'customer_insert',
  `insert into customer (workspace_id, id, created_at, last_event_at, traits, consents, segments, facts, rules_version)
   select $1::int, id, created_at, last_event_at, traits, consents, segments::int[], facts, $9
   from unnest(${columns}) as n (id, created_at, last_event_at, traits, consents, segments, facts)`,
);
const update = statement(
  'customer_update',
  `update customer c set created_at = n.created_at, last_event_at = n.last_event_at, traits = n.traits, consents = n.consents,
     segments = n.segments::int[], facts = n.facts, rules_version = $9
   from unnest(${columns}) as n (id, created_at, last_event_at, traits, consents, segments, facts)
   where c.workspace_id = $1 and c.id = n.id`,
);

export async function storeCustomers(
  sql: Sql,
  workspaceId: number,
  { customers, rulesVersion }: { customers: readonly CustomerState[]; rulesVersion: number },
): Promise<void> {
  const write = (rows: readonly CustomerState[]) => [
    workspaceId,
    rows.map(({ id }) => id),
    rows.map(({ createdAt }) => createdAt.toISOString()),
    rows.map(({ lastEventAt }) => (lastEventAt === 0 ? null : new Date(lastEventAt).toISOString())),
    rows.map(({ traits }) => JSON.stringify(traits)),
    rows.map(({ consents }) => JSON.stringify(consents)),
    rows.map(({ segments }) => `{${segments.join(',')}}`),
    rows.map((customer) => JSON.stringify(factsToStore(customer))),
    rulesVersion,
  ];
  const fresh = customers.filter(({ isNew }) => isNew);
  const known = customers.filter(({ isNew }) => !isNew);
  if (fresh.length > 0) await sql(insert, write(fresh));
  if (known.length > 0) await sql(update, write(known));
}

const remove = statement('customer_delete', 'delete from customer where workspace_id = $1 and id = any($2::uuid[])');
const removeTimers = statement('timer_delete', 'delete from timer where workspace_id = $1 and customer_id = any($2::uuid[])');

/** Takes away the rows of customers that others have absorbed. Their ids go on answering through their identities. */
export async function removeCustomers(sql: Sql, workspaceId: number, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql(remove, [workspaceId, ids]);
  await sql(removeTimers, [workspaceId, ids]);
}
