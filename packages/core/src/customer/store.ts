import { ints, jsonbs, jsons, rows as lists, times, uuids } from '../db/arrays.ts';
import { type Sql, statement, type Transaction } from '../db/sql.ts';
import type { RuleSet } from '../rule/ruleset.ts';
import { type CustomerRow, type CustomerState, factsJson, fromRow } from './customer.ts';

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
   select $1, $2, id, revision, created_at, last_event_at, ($5::int[])[from_segment:till_segment], facts, traits, consents
   from unnest($3::uuid[], $4::int[], $6::int[], $7::int[], $8::timestamptz[], $9::json[], $10::jsonb[], $11::jsonb[], $12::timestamptz[])
     as n (id, revision, from_segment, till_segment, last_event_at, facts, traits, consents, created_at)`,
);
// Most events change neither traits nor consents: theirs are then neither sent nor parsed again.
const update = statement(
  'customer_update',
  `with updated as (
     update customer c set last_event_at = n.last_event_at, segments = ($5::int[])[from_segment:till_segment], facts = n.facts,
       traits = coalesce(n.traits, c.traits), consents = coalesce(n.consents, c.consents), rules_version = $2, revision = c.revision + 1
     from unnest($3::uuid[], $4::int[], $6::int[], $7::int[], $8::timestamptz[], $9::json[], $10::jsonb[], $11::jsonb[])
       as n (id, revision, from_segment, till_segment, last_event_at, facts, traits, consents)
     where c.workspace_id = $1 and c.id = n.id and c.revision = n.revision
     returning 1
   )
   select require_all(count(*), cardinality($3::uuid[])) from updated`,
);

/**
 * Writes back what a batch has made of its customers. The transaction fails with 40001 where one was not as the batch had it.
 * One statement in order of id: two batches that change the same customers wait for each other here instead of deadlocking.
 */
export function storeCustomers(
  sql: Transaction,
  workspaceId: number,
  { customers, rules }: { customers: readonly CustomerState[]; rules: RuleSet },
): void {
  const sorted = customers.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const fresh = sorted.filter(({ isNew }) => isNew);
  const known = sorted.filter(({ isNew }) => !isNew);
  const parameters = (rows: readonly CustomerState[]) => {
    const { all, from, till } = lists(rows.map(({ segments }) => segments));
    const whole = (customer: CustomerState): boolean => customer.isNew || customer.profileChanged;
    return [
      workspaceId,
      rules.version,
      uuids(rows.map(({ id }) => id)),
      ints(rows.map(({ revision }) => revision)),
      ints(all),
      from,
      till,
      times(rows.map(({ lastEventAt }) => (lastEventAt === 0 ? null : lastEventAt))),
      jsons(rows.map((customer) => factsJson(customer, rules.measures))),
      jsonbs(rows.map((customer) => (whole(customer) ? JSON.stringify(customer.traits) : null))),
      jsonbs(rows.map((customer) => (whole(customer) ? JSON.stringify(customer.consents) : null))),
    ];
  };
  if (fresh.length > 0) sql.send(insert, [...parameters(fresh), times(fresh.map(({ createdAt }) => createdAt))]);
  if (known.length > 0) sql.send(update, parameters(known));
}

const remove = statement(
  'customer_delete',
  `with removed as (
     delete from customer c using unnest($2::uuid[], $3::int[]) as n (id, revision)
     where c.workspace_id = $1 and c.id = n.id and c.revision = n.revision returning 1
   )
   select require_all(count(*), cardinality($2::uuid[])) from removed`,
);
const removeTimers = statement('timer_delete', 'delete from timer where workspace_id = $1 and customer_id = any($2::uuid[])');

/** Takes away the rows of customers that others have absorbed. Their ids go on answering through their identities. */
export function removeCustomers(sql: Transaction, workspaceId: number, customers: readonly CustomerState[]): void {
  if (customers.length === 0) return;
  const ids = uuids(customers.map(({ id }) => id));
  sql.send(remove, [workspaceId, ids, ints(customers.map(({ revision }) => revision))]);
  sql.send(removeTimers, [workspaceId, ids]);
}
