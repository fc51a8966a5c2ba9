import { ints, jsonbs, texts, times, uuids } from '../db/arrays.ts';
import { type Sql, statement, type Transaction } from '../db/sql.ts';
import type { TraitFact } from './customer.ts';

/** One value of one trait as one source saw it on one identity. */
export interface Observation {
  readonly trait: string;
  readonly fact: TraitFact;
  readonly survivorship: 'newest' | 'oldest';
}

const upsert = (name: string, comparison: '>' | '<') =>
  statement(
    name,
    `insert into trait_observation as held (workspace_id, identity_id, trait, source_id, value, observed_at, event_id)
     select $1::int, * from unnest($2::uuid[], $3::text[], $4::int[], $5::jsonb[], $6::timestamptz[], $7::uuid[])
     on conflict (workspace_id, identity_id, trait, source_id) do update
       set value = excluded.value, observed_at = excluded.observed_at, event_id = excluded.event_id
       where excluded.observed_at ${comparison} held.observed_at or (excluded.observed_at = held.observed_at and excluded.event_id ${comparison === '>' ? '<' : '>'} held.event_id)`,
  );
const upserts = { newest: upsert('trait_newest', '>'), oldest: upsert('trait_oldest', '<') };

/** Keeps, for each identity, trait and source, the observation that would survive. */
export function storeObservations(sql: Transaction, workspaceId: number, observations: readonly Observation[]): void {
  for (const survivorship of ['newest', 'oldest'] as const) {
    const rows = observations.filter((observation) => observation.survivorship === survivorship);
    if (rows.length === 0) continue;
    sql.send(upserts[survivorship], [
      workspaceId,
      uuids(rows.map(({ fact }) => fact.i)),
      texts(rows.map(({ trait }) => trait)),
      ints(rows.map(({ fact }) => fact.s)),
      jsonbs(rows.map(({ fact }) => JSON.stringify(fact.v))),
      times(rows.map(({ fact }) => Date.parse(fact.t))),
      uuids(rows.map(({ fact }) => fact.e)),
    ]);
  }
}

const load = statement(
  'trait_load',
  `select h.customer_id, o.identity_id, o.trait, o.source_id, o.value, o.observed_at, o.event_id
   from identity h join trait_observation o on o.workspace_id = h.workspace_id and o.identity_id = h.id
   where h.workspace_id = $1 and h.customer_id = any($2::uuid[])`,
);

interface Row {
  customer_id: string;
  identity_id: string;
  trait: string;
  source_id: number;
  value: unknown;
  observed_at: Date;
  event_id: string;
}

/** Every observation kept about some customers. */
export async function loadObservations(
  sql: Sql,
  workspaceId: number,
  customerIds: readonly string[],
): Promise<{ customerId: string; trait: string; fact: TraitFact }[]> {
  const rows = await sql<Row>(load, [workspaceId, customerIds]);
  return rows.map((row) => ({
    customerId: row.customer_id,
    trait: row.trait,
    fact: { v: row.value, t: row.observed_at.toISOString(), s: row.source_id, e: row.event_id, i: row.identity_id },
  }));
}
