import type { CustomerState } from '../customer/customer.ts';
import { times, uuids } from '../db/arrays.ts';
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
  'select customer_id from timer where workspace_id = $1 and due_at <= $2 order by due_at, customer_id limit $3',
);
const next = statement('timer_next', 'select min(due_at) as at from timer where workspace_id = $1');

/** Customers whose timers have come. */
export async function dueCustomers(sql: Sql, workspaceId: number, { now, limit }: { now: Date; limit: number }): Promise<string[]> {
  const rows = await sql<{ customer_id: string }>(due, [workspaceId, now, limit]);
  return rows.map(({ customer_id }) => customer_id);
}

export async function nextDue(sql: Sql, workspaceId: number): Promise<Date | undefined> {
  const [row] = await sql<{ at: Date | null }>(next, [workspaceId]);
  return row?.at ?? undefined;
}
