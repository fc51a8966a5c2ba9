import { type Sql, statement } from '../db/sql.ts';
import type { RuleSet } from '../rule/ruleset.ts';
import { type CustomerRow, type CustomerState, factsToStore, fromRow } from './customer.ts';

const columns =
  'id, created_at, last_event_at, traits::text as traits, consents::text as consents, segments, facts, rules_version, revision';
const read = statement('customer_read', `select ${columns} from customer where workspace_id = $1 and id = any($2::uuid[])`);
const lock = statement(
  'customer_lock',
  `select ${columns} from customer where workspace_id = $1 and id = any($2::uuid[]) order by id for no key update`,
);

/** A customer changed or was merged away while a batch worked on it: the batch starts over. */
export class CustomerGone extends Error {
  override readonly name = 'CustomerGone';
}

/** Reads customers; with `locked` in order of id, holding everybody else off them until commit. */
export async function readCustomers(
  sql: Sql,
  workspaceId: number,
  { ids, locked }: { ids: readonly string[]; locked: boolean },
): Promise<CustomerState[]> {
  if (ids.length === 0) return [];
  const rows = await sql<CustomerRow>(locked ? lock : read, [workspaceId, locked ? ids.toSorted() : ids]);
  if (rows.length !== ids.length) throw new CustomerGone();
  return rows.map(fromRow);
}

const insert = statement(
  'customer_insert',
  `insert into customer (workspace_id, rules_version, id, revision, created_at, last_event_at, segments, facts, traits, consents)
   select $1, $2, id, revision, created_at, last_event_at, segments::int[], facts, traits, consents
   from unnest($3::uuid[], $4::int[], $5::timestamptz[], $6::timestamptz[], $7::text[], $8::json[], $9::jsonb[], $10::jsonb[])
     as n (id, revision, created_at, last_event_at, segments, facts, traits, consents)`,
);
const update = statement(
  'customer_update',
  `update customer c set last_event_at = n.last_event_at, segments = n.segments::int[], facts = n.facts, traits = n.traits,
     consents = n.consents, rules_version = $2, revision = c.revision + 1
   from unnest($3::uuid[], $4::int[], $5::timestamptz[], $6::text[], $7::json[], $8::jsonb[], $9::jsonb[])
     as n (id, revision, last_event_at, segments, facts, traits, consents)
   where c.workspace_id = $1 and c.id = n.id and c.revision = n.revision
   returning 1`,
);
// Most events change neither traits nor consents: theirs are neither sent nor parsed again.
const updateFacts = statement(
  'customer_update_facts',
  `update customer c set last_event_at = n.last_event_at, segments = n.segments::int[], facts = n.facts, rules_version = $2, revision = c.revision + 1
   from unnest($3::uuid[], $4::int[], $5::timestamptz[], $6::text[], $7::json[]) as n (id, revision, last_event_at, segments, facts)
   where c.workspace_id = $1 and c.id = n.id and c.revision = n.revision
   returning 1`,
);

/** Writes back what a batch has made of its customers. Throws `CustomerGone` where one was not as the batch had it. */
export async function storeCustomers(
  sql: Sql,
  workspaceId: number,
  { customers, rules }: { customers: readonly CustomerState[]; rules: RuleSet },
): Promise<void> {
  // In order of id, so that two batches that change the same customers wait for each other instead of deadlocking.
  const sorted = customers.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const { fresh = [], profiles = [], others = [] } = Object.groupBy(sorted, kindOf);
  const facts = (rows: readonly CustomerState[]) => [
    rows.map(({ lastEventAt }) => (lastEventAt === 0 ? null : new Date(lastEventAt).toISOString())),
    rows.map(({ segments }) => `{${segments.join(',')}}`),
    rows.map((customer) => JSON.stringify(factsToStore(customer, rules.measures))),
  ];
  const profile = (rows: readonly CustomerState[]) => [
    rows.map(({ traits }) => JSON.stringify(traits)),
    rows.map(({ consents }) => JSON.stringify(consents)),
  ];
  const key = (rows: readonly CustomerState[]) => [workspaceId, rules.version, rows.map(({ id }) => id)];
  const revisions = (rows: readonly CustomerState[]) => rows.map(({ revision }) => revision);
  const born = fresh.map(({ createdAt }) => createdAt.toISOString());
  if (fresh.length > 0) await sql(insert, [...key(fresh), revisions(fresh), born, ...facts(fresh), ...profile(fresh)]);
  const changed =
    profiles.length === 0 ? [] : await sql(update, [...key(profiles), revisions(profiles), ...facts(profiles), ...profile(profiles)]);
  const touched = others.length === 0 ? [] : await sql(updateFacts, [...key(others), revisions(others), ...facts(others)]);
  if (changed.length + touched.length !== profiles.length + others.length) throw new CustomerGone();
}

const kindOf = ({ isNew, profileChanged }: CustomerState): 'fresh' | 'profiles' | 'others' =>
  isNew ? 'fresh' : profileChanged ? 'profiles' : 'others';

const remove = statement(
  'customer_delete',
  `delete from customer c using unnest($2::uuid[], $3::int[]) as n (id, revision)
   where c.workspace_id = $1 and c.id = n.id and c.revision = n.revision returning 1`,
);
const removeTimers = statement('timer_delete', 'delete from timer where workspace_id = $1 and customer_id = any($2::uuid[])');

/** Takes away the rows of customers that others have absorbed. Their ids go on answering through their identities. */
export async function removeCustomers(sql: Sql, workspaceId: number, customers: readonly CustomerState[]): Promise<void> {
  if (customers.length === 0) return;
  const ids = customers.map(({ id }) => id);
  const removed = await sql(remove, [workspaceId, ids, customers.map(({ revision }) => revision)]);
  if (removed.length !== ids.length) throw new CustomerGone();
  await sql(removeTimers, [workspaceId, ids]);
}
