import type { Database } from '../../db/database.ts';
import { wakeChannel } from '../wake.ts';
import { type DeliveryFilter, filterSql, filterValues } from './list.ts';

// Only what has ended without being sent: a delivery that arrived, or is on its way, is never sent again by hand.
const ended = `d.workspace_id = $1 and d.status in ('DEAD', 'SUPPRESSED') and ${filterSql}`;

// At the end of its customer's queue: what was planned since may be under way. So a change of an audience must still be true: sent last, an old
// one would undo what was decided since. The members are held meanwhile, or a newer decision could be planned in front of an older one.
const replay = `with decided as materialized (
    select m.destination_id, m.audience, m.customer_id, m.wanted from audience_member m
    where m.workspace_id = $1 and (m.destination_id, m.audience, m.customer_id) in (
      select d.destination_id, d.audience, d.customer_id from delivery d where ${ended} and d.operation is not null
    )
    order by m.destination_id, m.audience, m.customer_id
    for share of m
  ), replayed as (
    update delivery d set status = 'PENDING', due_at = $8, attempts_before = d.attempts, updated_at = $8, ordinal = default, obstacle = null
    where ${ended} and case when d.operation is null then d.obstacle is distinct from 'HOLDOUT' and not exists (
        select from program p left join identity i on i.workspace_id = $1 and i.id = d.customer_id
        where p.workspace_id = $1 and p.id = d.program_id
          and holdout_refusal($1::int, p.id, coalesce(i.customer_id, d.customer_id), p.holdout) is not null
      ) else exists (
        select from decided m
        where m.destination_id = d.destination_id and m.audience = d.audience and m.customer_id = d.customer_id
          and m.wanted = (d.operation = 'ADD')
      ) end
    returning d.id
  ), woken as materialized (select pg_notify('${wakeChannel}', $1::int::text) where exists (select from replayed))
  select (select count(*) from replayed) as replayed, (select count(*) from woken) as woken`;

/**
 * Puts ended deliveries back in line under the same idempotency key with a new budget of retries, and answers how many. By
 * default the DEAD ones; name SUPPRESSED to try those whose consent or address may have come since: consent is checked again before sending.
 * Who is held out of a program stays so. A change of an audience is sent again only while it is still true: nobody is taken out who has
 * come back since, nobody put in who has left.
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
