import type { Transaction } from '../db/sql.ts';
import { amountOf, countedCondition, type SqlParameters } from '../rule/compile.ts';
import { recall, type Tally } from '../rule/facts.ts';
import type { Measure } from '../rule/measure.ts';
import type { CustomerState } from './customer.ts';

/** A customer of whose events too few are remembered: all that are later than `since` are needed. */
export interface Shortfall {
  readonly customer: CustomerState;
  readonly measure: Measure;
  /** Milliseconds; may be minus infinity. */
  readonly since: number;
}

/**
 * Reads what is needed of the events of some customers, and no more: of those that count, the time and amount of each that is later
 * than asked for, and of the newest before. Totals stand as they are, so that a customer of many years costs what the window holds.
 */
export async function reachBack(sql: Transaction, workspaceId: number, shortfalls: readonly Shortfall[]): Promise<void> {
  const byMeasure = Map.groupBy(shortfalls, ({ measure }) => measure.key);
  await Promise.all([...byMeasure.values()].map((some) => readLater(sql, workspaceId, some)));
}

async function readLater(sql: Transaction, workspaceId: number, shortfalls: readonly Shortfall[]): Promise<void> {
  const [{ measure } = {}] = shortfalls;
  if (measure === undefined) return;
  const since = shortfalls.reduce((oldest, one) => Math.min(oldest, one.since), Number.POSITIVE_INFINITY);
  const tallies = new Map<string, Tally>();
  for (const { customer } of shortfalls) {
    const tally = customer.tallies[measure.key];
    if (tally !== undefined) tallies.set(customer.id, tally);
  }
  const found = new Map([...tallies.keys()].map((id) => [id, { times: [] as number[], amounts: [] as number[] }]));
  const { text, values } = laterThan(measure, { workspaceId, since, tallies });
  await sql.each<{ customer_id: string; occurred_at: Date; amount: number | null }>(text, values, (row) => {
    const read = found.get(row.customer_id);
    if (read === undefined) return;
    const at = row.occurred_at.getTime();
    // Each identity has a newest one before; only the newest of these belongs in front of an unbroken row.
    const place = at <= since ? 0 : read.times.length;
    read.times[place] = at;
    read.amounts[place] = row.amount ?? 0;
  });
  for (const [id, tally] of tallies) {
    const read = found.get(id);
    if (read !== undefined) recall(tally, read, since);
  }
}

/** Made from a rule, and run unnamed: planned for these very times it opens no month that it need not look at. */
function laterThan(
  measure: Measure,
  { workspaceId, since, tallies }: { workspaceId: number; since: number; tallies: ReadonlyMap<string, Tally> },
): { text: string; values: unknown[] } {
  const firsts = [...tallies.values()].map(({ first }) => new Date(first));
  const values: unknown[] = [workspaceId, Number.isFinite(since) ? new Date(since) : '-infinity', [...tallies.keys()], firsts];
  const to: SqlParameters = { values, bind: (value) => `$${values.push(value)}`, workspace: '$1', now: '$2' };
  const amount = measure.of === undefined ? '0' : `(${amountOf(measure.of, to)}) * 1000000`;
  const counted = `select e.occurred_at, (${amount})::float8 as amount from event e
    where ${countedCondition(measure, to)} and e.identity_id = h.id`;
  const text = `select h.customer_id, e.occurred_at, e.amount
    from unnest($3::uuid[], $4::timestamptz[]) as n (customer_id, first_at)
      join identity h on h.workspace_id = $1 and h.customer_id = n.customer_id
      cross join lateral (
        (${counted} and e.occurred_at > $2::timestamptz)
        union all
        (${counted} and e.occurred_at <= $2::timestamptz and e.occurred_at >= n.first_at order by e.occurred_at desc limit 1)
      ) e
    order by e.occurred_at`;
  return { text, values };
}
