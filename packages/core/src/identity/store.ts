import { jsonbs, texts, times, uuids } from '../db/arrays.ts';
import { type Sql, statement, type Transaction } from '../db/sql.ts';
import type { ProposedLink, Ties } from './tie.ts';

const findIdentities = statement('identity_find', 'select id, customer_id from identity where workspace_id = $1 and id = any($2::uuid[])');

/** Identity id → customer id, of those that exist. */
export async function findCustomers(sql: Sql, workspaceId: number, identityIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql<{ id: string; customer_id: string }>(findIdentities, [workspaceId, uuids(identityIds)]);
  return new Map(rows.map(({ id, customer_id }) => [id, customer_id]));
}

const insertIdentities = statement(
  'identity_insert',
  `insert into identity (workspace_id, id, customer_id, namespace, value, created_at)
   select $1::int, * from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[]) order by 2
   on conflict do nothing
   returning id`,
);
const assign = statement(
  'identity_assign',
  `update identity h set customer_id = n.customer_id from unnest($2::uuid[], $3::uuid[]) as n (id, customer_id)
   where h.workspace_id = $1 and h.id = n.id and h.customer_id <> n.customer_id`,
);

/** Gives identities to the customers they belong to now. */
export function assignIdentities(
  sql: Transaction,
  workspaceId: number,
  owners: readonly { readonly id: string; readonly customerId: string }[],
): void {
  if (owners.length === 0) return;
  sql.send(assign, [workspaceId, uuids(owners.map(({ id }) => id)), uuids(owners.map(({ customerId }) => customerId))]);
}

/**
 * Stores new identities in order of id, so that two batches that meet wait for each other instead of deadlocking.
 * Notes in `mine` what this transaction has made; answers false where another batch was first with one of them.
 */
export async function createIdentities(
  sql: Transaction,
  workspaceId: number,
  { ties, mine }: { ties: Ties; mine: Map<string, string> },
): Promise<boolean> {
  const missing = ties.created.filter(({ identity }) => !mine.has(identity.id));
  const placed = ties.created.filter(({ identity }) => mine.has(identity.id) && mine.get(identity.id) !== ties.customerOf(identity.id));
  assignIdentities(
    sql,
    workspaceId,
    placed.map(({ identity }) => ({ id: identity.id, customerId: ties.customerOf(identity.id) })),
  );
  if (missing.length === 0) return true;
  const rows = missing.toSorted((left, right) => (left.identity.id < right.identity.id ? -1 : 1));
  const ids = rows.map(({ identity }) => identity.id);
  const made = await sql<{ id: string }>(insertIdentities, [
    workspaceId,
    uuids(ids),
    uuids(ids.map((id) => ties.customerOf(id))),
    texts(rows.map(({ identity }) => identity.namespace)),
    texts(rows.map(({ identity }) => identity.value)),
    times(rows.map(({ createdAt }) => createdAt)),
  ]);
  for (const { id } of made) mine.set(id, ties.customerOf(id));
  return made.length === ids.length;
}

// Not joined with the list: for a workspace without statistics that would be planned as a look at every identity of it.
const move = statement(
  'identity_move',
  `update identity set customer_id = ($3::uuid[])[array_position($2::uuid[], customer_id)]
   where workspace_id = $1 and customer_id = any($2::uuid[])`,
);

/** Gives the identities of absorbed customers to the surviving ones. */
export function moveIdentities(
  sql: Transaction,
  workspaceId: number,
  merges: readonly { readonly survivor: string; readonly absorbed: readonly string[] }[],
): void {
  if (merges.length === 0) return;
  const pairs = merges.flatMap(({ survivor, absorbed }) => absorbed.map((id) => ({ id, survivor })));
  sql.send(move, [workspaceId, uuids(pairs.map(({ id }) => id)), uuids(pairs.map(({ survivor }) => survivor))]);
}

const findLinks = statement('link_find', 'select id, status from link where workspace_id = $1 and id = any($2::uuid[])');

export async function findLinkStatus(
  sql: Sql,
  workspaceId: number,
  ids: readonly string[],
): Promise<Map<string, 'LIVE' | 'HELD' | 'REVOKED'>> {
  const rows = await sql<{ id: string; status: 'LIVE' | 'HELD' | 'REVOKED' }>(findLinks, [workspaceId, uuids(ids)]);
  return new Map(rows.map(({ id, status }) => [id, status]));
}

const insertLinks = statement(
  'link_insert',
  `insert into link (workspace_id, id, a, b, rule, status, evidence, created_at, reason)
   select $1::int, * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::jsonb[], $8::timestamptz[], $9::text[]) order by 2
   on conflict do nothing`,
);

/** Stores links with their evidence. Rows are never deleted afterwards, only revoked. */
export function createLinks(sql: Transaction, workspaceId: number, links: readonly (ProposedLink & { id: string })[]): void {
  if (links.length === 0) return;
  const rows = links.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  sql.send(insertLinks, [
    workspaceId,
    uuids(rows.map(({ id }) => id)),
    uuids(rows.map(({ a }) => a)),
    uuids(rows.map(({ b }) => b)),
    texts(rows.map(({ rule }) => rule)),
    texts(rows.map(({ status }) => status)),
    jsonbs(rows.map(({ eventId }) => JSON.stringify({ event: eventId }))),
    times(rows.map(({ createdAt }) => createdAt)),
    texts(rows.map(({ reason }) => reason)),
  ]);
}
