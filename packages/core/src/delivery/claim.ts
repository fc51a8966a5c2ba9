import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';

/** One delivery taken for sending: nobody else will take it before the lease is over. */
export interface Claimed {
  readonly id: string;
  readonly workspace: string;
  readonly programId: number;
  readonly programVersion: number;
  readonly customerId: string;
  readonly segment: string;
  readonly change: 'ENTERED' | 'LEFT';
  /** Counts from 1 over the delivery's whole life; `budget` only since its last replay. */
  readonly attempt: number;
  readonly budget: number;
  readonly identifiers: Readonly<Record<string, readonly string[]>>;
  readonly traits: Readonly<Record<string, { readonly v: unknown }>>;
}

export interface ClaimRequest {
  readonly workspaceId: number;
  readonly destinationId: number;
  readonly purpose: string;
  readonly channel: string;
  readonly address: string;
  readonly limit: number;
  readonly maxAttempts: number;
  readonly now: Date;
  /** When the claimed deliveries come back by themselves if this process dies. */
  readonly leaseUntil: Date;
}

export interface Claim {
  readonly claimed: readonly Claimed[];
  /** The claim was full: there may be more due. */
  readonly more: boolean;
  /** Some customers were being changed at this moment; look again at this time. */
  readonly lookAgainAt: Date | undefined;
}

/**
 * One statement. The customer's row is locked while consent is read from its newest version, so a withdrawal that committed
 * before this claim always wins. A row that is being changed right now is passed over instead of waited for: a claim never
 * waits while it holds locks, so it can neither deadlock with the line nor slow it down.
 */
const take = statement(
  'delivery.claim',
  `with due as materialized (
    select d.id, d.customer_id, d.segment_id, d.program_id, d.program_version, d.change, d.attempts, d.attempts_before
    from delivery d
    where d.workspace_id = $1 and d.destination_id = $2 and d.status in ('PENDING', 'SENDING') and d.due_at <= $3
      and exists (select from destination t where t.workspace_id = $1 and t.id = $2 and t.paused_at is null)
    order by d.due_at limit $4
    for update of d skip locked
  ), decided as materialized (
    select due.*, person.id as answers, person.traits, reach.identifiers,
      case
        when person.id is null then null
        when due.attempts - due.attempts_before >= $5 then 'the process stopped during each of ' || $5 || ' attempts'
        else coalesce(consent_refusal(person.consents, $7, $8),
          case when reach.identifiers -> $9::text is null then 'no address: ' || $9 end)
      end as refusal
    from due
    left join lateral (
      select c.id, c.consents, c.traits from identity i join customer c on c.workspace_id = $1 and c.id = i.customer_id
      where i.workspace_id = $1 and i.id = due.customer_id
      for share of c skip locked
    ) person on true
    left join lateral (
      select coalesce(jsonb_object_agg(namespace, found), '{}') as identifiers from (
        select i.namespace, jsonb_agg(i.value order by i.created_at desc, i.id) as found
        from identity i where i.workspace_id = $1 and i.customer_id = person.id group by i.namespace
      ) by_namespace
    ) reach on true
  ), taken as (
    update delivery d set updated_at = $3, reason = decided.refusal,
      status = case
        when decided.refusal is null then 'SENDING'
        when decided.attempts - decided.attempts_before >= $5 then 'DEAD' else 'SUPPRESSED' end,
      attempts = d.attempts + (decided.refusal is null)::int,
      due_at = case when decided.refusal is null then $6 else d.due_at end
    from decided where d.workspace_id = $1 and d.id = decided.id and decided.answers is not null
  )
  select decided.id, w.key as workspace, decided.program_id as "programId", decided.program_version as "programVersion",
    decided.answers as "customerId", s.key as segment, decided.change, decided.attempts + 1 as attempt,
    decided.attempts - decided.attempts_before + 1 as budget, decided.identifiers, decided.traits, decided.refusal
  from decided
  join workspace w on w.id = $1
  left join segment s on s.workspace_id = $1 and s.id = decided.segment_id`,
);

// A customer that was only busy is tried again in a moment; one that is gone (erased) can never be sent to.
const passedOver = statement(
  'delivery.passed-over',
  `update delivery d set updated_at = $3, due_at = $4,
    status = case when present then d.status else 'SUPPRESSED' end, reason = case when present then d.reason else 'the customer is gone' end
  from (
    select given.id, exists (
      select from delivery g
      join identity i on i.workspace_id = $1 and i.id = g.customer_id
      join customer c on c.workspace_id = $1 and c.id = i.customer_id
      where g.workspace_id = $1 and g.id = given.id
    ) as present from unnest($2::uuid[]) as given(id)
  ) looked
  where d.workspace_id = $1 and d.id = looked.id and d.status in ('PENDING', 'SENDING') and d.due_at <= $3`,
);

const passedOverPauseMs = 50;

export async function claimDeliveries(database: Database, request: ClaimRequest): Promise<Claim> {
  const { workspaceId, now, limit } = request;
  const rows = await database.query<Claimed & { refusal: string | null; customerId: string | null }>(workspaceId, take, [
    workspaceId,
    request.destinationId,
    now,
    limit,
    request.maxAttempts,
    request.leaseUntil,
    request.purpose,
    request.channel,
    request.address,
  ]);
  const busy = rows.filter(({ customerId }) => customerId === null);
  const lookAgainAt = busy.length > 0 ? new Date(now.getTime() + passedOverPauseMs) : undefined;
  if (busy.length > 0) await database.query(workspaceId, passedOver, [workspaceId, busy.map(({ id }) => id), now, lookAgainAt]);
  const claimed = rows.filter(({ customerId, refusal }) => customerId !== null && refusal === null);
  return { claimed, more: rows.length === limit, lookAgainAt };
}
