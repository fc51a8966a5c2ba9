import { inForce } from '../consent/ledger.ts';
import { loadDecisions } from '../consent/store.ts';
import { type Sql, statement, type Transaction } from '../db/sql.ts';
import { type Edge, tieTimes } from '../identity/component.ts';
import type { Registry } from '../registry/registry.ts';
import type { RuleSet } from '../rule/ruleset.ts';
import type { CustomerState, TraitFact } from './customer.ts';
import { loadHistory, loadLastEvents } from './history.ts';
import { loadObservations } from './observations.ts';
import { heldTrait, survives, withinLimit } from './traits.ts';

const spaces = statement(
  'identity_spaces',
  `select customer_id, namespace, count(*)::int as count from identity
   where workspace_id = $1 and customer_id = any($2::uuid[]) group by customer_id, namespace`,
);
const edges = statement(
  'link_edges',
  `select h.customer_id, l.a, l.b, l.created_at from identity h join link l on l.workspace_id = h.workspace_id and l.a = h.id
   where h.workspace_id = $1 and h.customer_id = any($2::uuid[]) and l.status = 'LIVE'`,
);

export interface Derivation {
  readonly workspaceId: number;
  readonly registry: Registry;
  readonly rules: RuleSet;
}

/** Works out everything derived from the evidence on some customers' identities: what is held, traits, consents, events. */
export async function rederive(
  sql: Transaction,
  { workspaceId, registry, rules }: Derivation,
  customers: readonly CustomerState[],
): Promise<void> {
  if (customers.length === 0) return;
  const ids = customers.map(({ id }) => id);
  const [held, observed, histories, lastEvents] = await Promise.all([
    sql<{ customer_id: string; namespace: string; count: number }>(spaces, [workspaceId, ids]),
    loadObservations(sql, workspaceId, ids),
    loadHistory(sql, workspaceId, { customerIds: ids, measuresOf: rules.measuresOf }),
    loadLastEvents(sql, workspaceId, ids),
    deriveConsents(sql, workspaceId, customers),
  ]);
  const counts = Map.groupBy(held, (row) => row.customer_id);
  const observations = Map.groupBy(observed, ({ customerId }) => customerId);
  for (const customer of customers) {
    customer.spaces = Object.fromEntries((counts.get(customer.id) ?? []).map(({ namespace, count }) => [namespace, count]));
    const traits: Record<string, TraitFact> = {};
    for (const { trait, fact } of observations.get(customer.id) ?? []) {
      if (survives(fact, heldTrait(traits, trait), registry.trait(trait)?.survivorship ?? 'newest')) traits[trait] = fact;
    }
    customer.traits = withinLimit(traits, registry.traits);
    customer.tallies = histories.get(customer.id) ?? {};
    customer.lastEventAt = lastEvents.get(customer.id) ?? 0;
  }
}

/** Works out which consents are in force from the ledgers of the customers' identities and the times they were tied. */
export async function deriveConsents(sql: Sql, workspaceId: number, customers: readonly CustomerState[]): Promise<void> {
  if (customers.length === 0) return;
  const ids = customers.map(({ id }) => id);
  const [decisions, ties] = await Promise.all([
    loadDecisions(sql, workspaceId, ids),
    sql<{ customer_id: string; a: string; b: string; created_at: Date }>(edges, [workspaceId, ids]),
  ]);
  const byCustomer = Map.groupBy(ties, (row) => row.customer_id);
  for (const customer of customers) {
    const links: Edge[] = (byCustomer.get(customer.id) ?? []).map(({ a, b, created_at }) => ({ a, b, createdAt: created_at }));
    customer.consents = inForce(decisions.get(customer.id) ?? [], tieTimes(links));
  }
}

/** Counts what rules ask for since customers were last seen: only the events of those kinds are read, everything else stands. */
export async function catchUp(sql: Transaction, { workspaceId, rules }: Derivation, customers: readonly CustomerState[]): Promise<void> {
  const oldest = Math.min(...customers.map(({ rulesVersion }) => rulesVersion));
  const missing = [...rules.measures.values()].filter(({ since }) => since > oldest);
  if (missing.length === 0) return;
  const measuresOf = Map.groupBy(missing, ({ type }) => type);
  const histories = await loadHistory(sql, workspaceId, { customerIds: customers.map(({ id }) => id), measuresOf });
  for (const customer of customers) {
    const history = histories.get(customer.id) ?? {};
    for (const { key, since } of missing) {
      if (since <= customer.rulesVersion) continue;
      const tally = history[key];
      if (tally === undefined) delete customer.tallies[key];
      else customer.tallies[key] = tally;
    }
  }
}
