import { type Sql, statement, type Transaction } from '../db/sql.ts';
import { emptyTally, forget, type Tally, tallyEvent } from '../rule/facts.ts';
import type { RuleSet } from '../rule/ruleset.ts';

// Of the properties only those at whose names the measures look: an order with all its lines is many times what is counted of it.
const events = statement(
  'event_history',
  `select h.customer_id, e.type, e.occurred_at,
     (select jsonb_object_agg(name, e.properties -> name) from unnest($4::text[]) name where e.properties ? name) as properties
   from identity h join event e on e.workspace_id = h.workspace_id and e.identity_id = h.id
   where h.workspace_id = $1 and h.customer_id = any($2::uuid[]) and e.type = any($3::text[])
   order by e.occurred_at`,
);
const last = statement(
  'event_last',
  `select h.customer_id, max(l.occurred_at) as at
   from identity h cross join lateral (
     select e.occurred_at from event e where e.workspace_id = h.workspace_id and e.identity_id = h.id order by e.occurred_at desc limit 1
   ) l
   where h.workspace_id = $1 and h.customer_id = any($2::uuid[]) group by h.customer_id`,
);

/** When the newest event of each customer happened, ms; customers without any are left out. */
export async function loadLastEvents(sql: Sql, workspaceId: number, customerIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await sql<{ customer_id: string; at: Date }>(last, [workspaceId, customerIds]);
  return new Map(rows.map((row) => [row.customer_id, row.at.getTime()]));
}

type Tallies = Record<string, Tally>;

interface Row {
  readonly customer_id: string;
  readonly type: string;
  readonly occurred_at: Date;
  readonly properties: unknown;
}

/**
 * Counts the events of some customers afresh, and remembers as many of the newest as the measures ask for. The slow and certain
 * twin of counting them in as they come. Events are counted as they arrive and never held: one customer may have a hundred thousand.
 */
export async function loadHistory(
  sql: Transaction,
  workspaceId: number,
  { customerIds, measuresOf }: { customerIds: readonly string[]; measuresOf: RuleSet['measuresOf'] },
): Promise<Map<string, Tallies>> {
  const histories = new Map<string, Tallies>(customerIds.map((id) => [id, {}]));
  if (measuresOf.size === 0 || customerIds.length === 0) return histories;
  const values = [workspaceId, customerIds, [...measuresOf.keys()], namesIn(measuresOf)];
  await sql.each<Row>(events, values, ({ customer_id, type, occurred_at, properties }) => {
    const tallies = histories.get(customer_id) ?? {};
    for (const measure of measuresOf.get(type) ?? []) {
      const tally = tallies[measure.key] ?? emptyTally();
      tallies[measure.key] = tally;
      tallyEvent(tally, measure, { at: occurred_at.getTime(), properties });
      if (tally.times.length > 2 * measure.remember) forget(tally, measure);
    }
  });
  return histories;
}

/** The properties that some measures look at or into. */
function namesIn(measuresOf: RuleSet['measuresOf']): string[] {
  const paths = [...measuresOf.values()].flat().flatMap(({ where, of }) => [...where.map(({ property }) => property), ...(of ? [of] : [])]);
  return [...new Set(paths.map((path) => path.split('.')[0] ?? path))];
}
