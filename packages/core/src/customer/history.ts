import { type Sql, statement } from '../db/sql.ts';
import { emptyTally, type Tally, tallyEvent } from '../rule/facts.ts';
import type { RuleSet } from '../rule/ruleset.ts';

const events = statement(
  'event_history',
  `select h.customer_id, e.type, e.occurred_at, e.properties
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

export interface History {
  readonly tallies: Record<string, Tally>;
  readonly lastEventAt: number;
}

/** Counts the events of some customers afresh, every remembered one included. The slow and certain twin of counting them in as they come. */
export async function loadHistory(
  sql: Sql,
  workspaceId: number,
  { customerIds, rules }: { customerIds: readonly string[]; rules: RuleSet },
): Promise<Map<string, History>> {
  const newest = await sql<{ customer_id: string; at: Date }>(last, [workspaceId, customerIds]);
  const at = new Map(newest.map((row) => [row.customer_id, row.at.getTime()]));
  const histories = new Map(customerIds.map((id) => [id, { tallies: {} as Record<string, Tally>, lastEventAt: at.get(id) ?? 0 }]));
  const types = [...rules.measuresOf.keys()];
  if (types.length === 0) return histories;
  const rows = await sql<{ customer_id: string; type: string; occurred_at: Date; properties: unknown }>(events, [
    workspaceId,
    customerIds,
    types,
  ]);
  for (const row of rows) {
    const tallies = histories.get(row.customer_id)?.tallies ?? {};
    for (const measure of rules.measuresOf.get(row.type) ?? []) {
      const tally = tallies[measure.key] ?? emptyTally();
      tallies[measure.key] = tally;
      tallyEvent(tally, measure, { at: row.occurred_at.getTime(), properties: row.properties });
    }
  }
  return histories;
}
