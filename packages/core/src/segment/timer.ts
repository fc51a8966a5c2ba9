import type { CustomerState } from '../customer/customer.ts';
import { times, uuids } from '../db/arrays.ts';
import type { Database } from '../db/database.ts';
import { nilId } from '../db/nil-id.ts';
import { type Sql, statement, type Transaction } from '../db/sql.ts';

const arm = statement(
  'timer_arm',
  `insert into timer (workspace_id, customer_id, due_at) select $1::int, * from unnest($2::uuid[], $3::timestamptz[])
   on conflict (workspace_id, customer_id) do update set due_at = excluded.due_at`,
);
const disarm = statement('timer_disarm', 'delete from timer where workspace_id = $1 and customer_id = any($2::uuid[])');

/** Stores the instants at which customers must be asked again. A timer that fires too early only costs a look; none is ever late. */
export function storeTimers(sql: Transaction, workspaceId: number, customers: readonly CustomerState[]): void {
  const changed = customers.filter(({ due, armed }) => due !== armed);
  const armed = changed.filter(({ due }) => due !== undefined);
  if (armed.length > 0) sql.send(arm, [workspaceId, uuids(armed.map(({ id }) => id)), times(armed.map(({ due }) => due))]);
  const idle = changed.filter(({ due }) => due === undefined);
  if (idle.length > 0) sql.send(disarm, [workspaceId, uuids(idle.map(({ id }) => id))]);
}

const due = statement(
  'timer_due',
  `select customer_id as "customerId", due_at as "dueAt" from timer
   where workspace_id = $1 and due_at <= $2 and (due_at, customer_id) > ($3, $4) order by due_at, customer_id limit $5`,
);
const first = statement('timer_first', 'select min(due_at) as at from timer where workspace_id = $1');
const firsts = statement('timer_firsts', 'select workspace_id as "workspaceId", due_at as "dueAt" from list_first_timers()');

export interface Timer {
  readonly customerId: string;
  readonly dueAt: Date;
}

export interface DueTimers {
  readonly now: Date;
  /** The last one of the page before. */
  readonly last: Timer | undefined;
  readonly limit: number;
}

const beforeAll: Timer = { customerId: nilId, dueAt: new Date(0) };

/** A page of the timers that have come, the longest due first. */
export async function dueTimers(sql: Sql, workspaceId: number, { now, last = beforeAll, limit }: DueTimers): Promise<Timer[]> {
  return sql<Timer>(due, [workspaceId, now, last.dueAt, last.customerId, limit]);
}

/** When the first timer of a workspace comes. */
export async function firstTimer(sql: Sql, workspaceId: number): Promise<Date | undefined> {
  const [row] = await sql<{ at: Date | null }>(first, [workspaceId]);
  return row?.at ?? undefined;
}

/** When the first timer of each workspace comes that has any: one look at all of them, however many wait for nothing. */
export const firstTimers = (database: Database): Promise<{ workspaceId: number; dueAt: Date }[]> => database.unscoped(firsts);
