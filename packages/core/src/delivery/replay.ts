import type { Database } from '../db/database.ts';
import { type DeliveryFilter, filterSql, filterValues } from './list.ts';
import { wakeChannel } from './wake.ts';

// At the end of its customer's queue: what was planned since may be under way. Only what has ended without being sent: a delivery that arrived, or is on its way, is never sent again by hand.
const replay = `with replayed as (
    update delivery d set status = 'PENDING', due_at = $8, attempts_before = d.attempts, updated_at = $8, ordinal = default, obstacle = null
    where d.workspace_id = $1 and d.status in ('DEAD', 'SUPPRESSED') and d.obstacle is distinct from 'HOLDOUT' and ${filterSql}
    returning d.id
  ), woken as materialized (select pg_notify('${wakeChannel}', $1::int::text) where exists (select from replayed))
  select (select count(*) from replayed) as replayed, (select count(*) from woken) as woken`;

/**
 * Puts ended deliveries back in line under the same idempotency key with a new budget of retries, and answers how many. By
 * default the DEAD ones; name SUPPRESSED to try those whose consent or address may have come since: consent is checked again before sending.
 * Who is held out of a program stays so.
 */
export async function replayDeliveries(
  database: Database,
  workspaceId: number,
  { now = new Date(), ...filter }: DeliveryFilter & { readonly now?: Date } = {},
): Promise<number> {
  const values = filterValues({ statuses: ['DEAD'], ...filter });
  const [row] = await database.query<{ replayed: number }>(workspaceId, replay, [workspaceId, ...values, now]);
  return row?.replayed ?? 0;
}
