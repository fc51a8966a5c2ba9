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

/** When the newest event of each customer happened, ms; customers without any are left out. */
export async function loadLastEvents(sql: Sql, workspaceId: number, customerIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await sql<{ customer_id: string; at: Date }>(last, [workspaceId, customerIds]);
  return new Map(rows.map((row) => [row.customer_id, row.at.getTime()]));
}

type Tallies = Record<string, Tally>;

/** Counts the events of some customers afresh, every one remembered. The slow and certain twin of counting them in as they come. */
export async function loadHistory(
  sql: Sql,
  workspaceId: number,
  { customerIds, measuresOf }: { customerIds: readonly string[]; measuresOf: RuleSet['measuresOf'] },
): Promise<Map<string, Tallies>> {
  const histories = new Map<string, Tallies>(customerIds.map((id) => [id, {}]));
  if (measuresOf.size === 0 || customerIds.length === 0) return histories;
  const rows = await sql<{ customer_id: string; type: string; occurred_at: Date; properties: unknown }>(events, [
    workspaceId,
    customerIds,
    [...measuresOf.keys()],
  ]);
  for (const row of rows) {
    const tallies = histories.get(row.customer_id) ?? {};
    for (const measure of measuresOf.get(row.type) ?? []) {
      const tally = tallies[measure.key] ?? emptyTally();
      tallies[measure.key] = tally;
      tallyEvent(tally, measure, { at: row.occurred_at.getTime(), properties: row.properties });
    }
  }
  return histories;
}
