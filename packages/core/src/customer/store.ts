import { type Sql, statement } from '../db/sql.ts';
import type { RuleSet } from '../rule/ruleset.ts';
import { type CustomerRow, type CustomerState, factsToStore, fromRow } from './customer.ts';

const lock = statement(
  'customer_lock',
  `select id, created_at, last_event_at, traits::text as traits, consents::text as consents, segments, facts, rules_version from customer
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

const insert = statement(
  'customer_insert',
  `insert into customer (workspace_id, rules_version, id, created_at, last_event_at, segments, facts, traits, consents)
   select $1, $2, id, created_at, last_event_at, segments::int[], facts, traits, consents
   from unnest($3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::json[], $8::jsonb[], $9::jsonb[])
     as n (id, created_at, last_event_at, segments, facts, traits, consents)`,
);
const update = statement(
  'customer_update',
  `update customer c set last_event_at = n.last_event_at, segments = n.segments::int[], facts = n.facts, traits = n.traits,
     consents = n.consents, rules_version = $2
   from unnest($3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::json[], $8::jsonb[], $9::jsonb[])
     as n (id, created_at, last_event_at, segments, facts, traits, consents)
   where c.workspace_id = $1 and c.id = n.id`,
);
// Most events change neither traits nor consents: theirs are neither sent nor parsed again.
const updateFacts = statement(
  'customer_update_facts',
  `update customer c set last_event_at = n.last_event_at, segments = n.segments::int[], facts = n.facts, rules_version = $2
   from unnest($3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::json[]) as n (id, created_at, last_event_at, segments, facts)
   where c.workspace_id = $1 and c.id = n.id`,
);

/** Writes back what a batch has made of its customers. */
export async function storeCustomers(
  sql: Sql,
  workspaceId: number,
  { customers, rules }: { customers: readonly CustomerState[]; rules: RuleSet },
): Promise<void> {
  const facts = (rows: readonly CustomerState[]) => [
    workspaceId,
    rules.version,
    rows.map(({ id }) => id),
    rows.map(({ createdAt }) => createdAt.toISOString()),
    rows.map(({ lastEventAt }) => (lastEventAt === 0 ? null : new Date(lastEventAt).toISOString())),
    rows.map(({ segments }) => `{${segments.join(',')}}`),
    rows.map((customer) => JSON.stringify(factsToStore(customer, rules.measures))),
  ];
  const whole = (rows: readonly CustomerState[]) => [
    ...facts(rows),
    rows.map(({ traits }) => JSON.stringify(traits)),
    rows.map(({ consents }) => JSON.stringify(consents)),
  ];
  const { fresh = [], profiles = [], others = [] } = Object.groupBy(customers, kindOf);
  if (fresh.length > 0) await sql(insert, whole(fresh));
  if (profiles.length > 0) await sql(update, whole(profiles));
  if (others.length > 0) await sql(updateFacts, facts(others));
}

const kindOf = ({ isNew, profileChanged }: CustomerState): 'fresh' | 'profiles' | 'others' =>
  isNew ? 'fresh' : profileChanged ? 'profiles' : 'others';

const remove = statement('customer_delete', 'delete from customer where workspace_id = $1 and id = any($2::uuid[])');
const removeTimers = statement('timer_delete', 'delete from timer where workspace_id = $1 and customer_id = any($2::uuid[])');

/** Takes away the rows of customers that others have absorbed. Their ids go on answering through their identities. */
export async function removeCustomers(sql: Sql, workspaceId: number, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql(remove, [workspaceId, ids]);
  await sql(removeTimers, [workspaceId, ids]);
}
