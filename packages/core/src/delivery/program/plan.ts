import { ints, jsonbs, texts, times, uuids } from '../../db/arrays.ts';
import { type Sql, statement } from '../../db/sql.ts';
import { wakeChannel } from '../wake.ts';

/** A customer entered or left a segment. */
export interface PlannedTransition {
  readonly segmentId: number;
  readonly customerId: string;
  readonly change: 'ENTERED' | 'LEFT';
  /** When; part of the delivery's id, so the same transition planned twice is one delivery. */
  readonly at: Date;
  readonly cause: unknown;
}

export interface ActiveProgram {
  readonly segmentId: number;
  readonly trigger: 'ENTERED' | 'LEFT' | 'BOTH';
  /** It keeps a partner's audience, which follows the segment by comparison and not by transitions. */
  readonly audience: boolean;
}

// The table of programs is tiny: asking each time is right in every process, which no cache would be.
const active = statement(
  'delivery.active-programs',
  `select distinct p.segment_id as "segmentId", p.trigger, d.kind = 'audience' as audience
  from program p join destination d on d.workspace_id = $1 and d.id = p.destination_id
  where p.workspace_id = $1 and (p.active or d.kind = 'audience')`,
);

// A customer whose row is not there yet is planned as it stands: the claim decides. Held out comes first: what else stands in the way may pass, and
// a replay would then write to the very people the others are compared with.
const plan = statement(
  'delivery.plan',
  `with transition as (
    select * from unnest($3::int[], $4::uuid[], $5::text[], $6::timestamptz[], $7::jsonb[]) with ordinality
      as t(segment_id, customer_id, change, at, cause, place)
  ), decided as (
    select t.*, p.id as program_id, p.version, p.destination_id,
      case when c.id is not null then consent_refusal(c.consents, d.purpose, d.channel) end as consent,
      case when c.id is not null and not exists (
        select from identity i where i.workspace_id = $1 and i.customer_id = c.id and i.namespace = any(d.address)
      ) then 'no address: ' || array_to_string(d.address, ' or ') end as address,
      holdout_refusal($1::int, p.id, t.customer_id, p.holdout) as holdout
    from transition t
    join program p on p.workspace_id = $1 and p.active and p.segment_id = t.segment_id and p.trigger in (t.change, 'BOTH')
    join destination d on d.workspace_id = $1 and d.id = p.destination_id and d.kind = 'message'
    left join customer c on c.workspace_id = $1 and c.id = t.customer_id
  ), planned as (
    insert into delivery (workspace_id, id, program_id, program_version, destination_id, customer_id, segment_id, change,
      changed_at, cause, status, due_at, obstacle, reason, created_at, updated_at)
    select $1,
      substr(encode(sha256(convert_to(concat_ws('/', $1::int, program_id, customer_id, change,
        (extract(epoch from at) * 1000)::bigint), 'UTF8')), 'hex'), 1, 32)::uuid,
      program_id, version, destination_id, customer_id, segment_id, change, at, cause,
      case when coalesce(holdout, consent, address) is null then 'PENDING' else 'SUPPRESSED' end, $2,
      case when holdout is not null then 'HOLDOUT' when consent is not null then 'CONSENT' when address is not null then 'NO_ADDRESS' end,
      coalesce(holdout, consent, address), $2, $2
    from decided order by place, program_id
    on conflict do nothing
    returning status
  ), woken as materialized (
    select pg_notify('${wakeChannel}', $1::int::text) where exists (select from planned where status = 'PENDING')
  )
  select (select count(*) from planned) as planned, (select count(*) from woken) as woken`,
);

/** Which transitions are waited for by a program now, and which segments partners' audiences follow. */
export const activePrograms = (sql: Sql, workspaceId: number): Promise<ActiveProgram[]> => sql<ActiveProgram>(active, [workspaceId]);

/**
 * Plans what the active programs send because of these transitions, and answers how many deliveries that made. Part of
 * the line's transaction: call it after customers, their consents and identities are written, since consent and address are
 * looked up here and a delivery they forbid is kept as SUPPRESSED with its reason, never dropped.
 */
export async function planDeliveries(
  sql: Sql,
  workspaceId: number,
  { transitions, now }: { readonly transitions: readonly PlannedTransition[]; readonly now: Date },
): Promise<number> {
  if (transitions.length === 0) return 0;
  const [row] = await sql<{ planned: number }>(plan, [
    workspaceId,
    now,
    ints(transitions.map(({ segmentId }) => segmentId)),
    uuids(transitions.map(({ customerId }) => customerId)),
    texts(transitions.map(({ change }) => change)),
    times(transitions.map(({ at }) => at)),
    jsonbs(transitions.map(({ cause }) => JSON.stringify(cause ?? null))),
  ]);
  return row?.planned ?? 0;
}

/** The transitions at least one active program waits for; most concern none. */
export function concerned(programs: readonly ActiveProgram[], transitions: readonly PlannedTransition[]): PlannedTransition[] {
  const wanted = new Set(
    programs.flatMap(({ segmentId, trigger, audience }) =>
      audience ? [] : trigger === 'BOTH' ? [`${segmentId}:ENTERED`, `${segmentId}:LEFT`] : [`${segmentId}:${trigger}`],
    ),
  );
  return transitions.filter(({ segmentId, change }) => wanted.has(`${segmentId}:${change}`));
}
