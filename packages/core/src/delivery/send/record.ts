import { ints, jsonbs, texts, times, uuids } from '../../db/arrays.ts';
import type { Database } from '../../db/database.ts';
import { statement, type Transaction } from '../../db/sql.ts';
import type { WireCall } from '../log/wire.ts';
import { eachById, plannedAnew } from './by-id.ts';
import type { Decision } from './decide.ts';
import { callNext } from './turn.ts';

/** What one attempt came to. */
export interface Attempted {
  readonly id: string;
  readonly attempt: number;
  readonly at: Date;
  readonly milliseconds: number;
  readonly decision: Decision;
  /** The identity it went to, as far as the host can know: one that turns out to be unreachable is suppressed. */
  readonly addressId: string | undefined;
  /** What was said over the wire, where somebody is watching. */
  readonly calls: readonly WireCall[] | undefined;
}

// An attempt whose lease ran out meanwhile is written down, but the delivery belongs to the attempt that took it over. Asked for by
// itself, `status = 'SENDING'` would invite PostgreSQL to read all that is being sent.
const answered = `update delivery d set status = n.status, due_at = coalesce(n.due_at, d.due_at), reason = n.reason,
    obstacle = null, reference = n.reference, updated_at = $3,
    attempts_before = case when n.outcome in ('fix-credentials', 'waiting') then d.attempts else d.attempts_before end
  from answer n ${eachById} where d.ctid = place.ctid and concat(d.status, d.attempts) = concat('SENDING', place.attempt)`;

const save = statement(
  'delivery.record',
  `with answer as (
    select * from unnest($4::uuid[], $5::int[], $6::timestamptz[], $7::int[], $8::text[], $9::text[], $10::timestamptz[], $11::text[], $12::text[], $13::uuid[], $14::jsonb[])
      as a(id, attempt, at, milliseconds, outcome, status, due_at, reason, reference, address_id, calls)
  ), tried as (
    insert into delivery_attempt (workspace_id, delivery_id, attempt, at, outcome, reason, milliseconds, calls, noted_at)
    select $1, id, attempt, at, outcome, reason, milliseconds, calls, case when calls is not null then clock_timestamp() end
    from answer on conflict do nothing
  ), paused as (
    update destination set paused_at = $3, paused_reason = (select reason from answer where outcome = 'fix-credentials' limit 1)
    where workspace_id = $1 and id = $2 and paused_at is null and exists (select from answer where outcome = 'fix-credentials')
  ), suppressed as (
    insert into suppressed_address (workspace_id, channel, identity_id, reason, at)
    select distinct on (address_id) $1::int, t.channel, address_id, answer.reason, $3 from answer
    join destination t on t.workspace_id = $1 and t.id = $2
    where outcome = 'unreachable' and address_id is not null
    on conflict do nothing
  ), answered as (
    ${answered}
    returning d.audience, d.customer_id, d.operation, d.status
  ), taken_out as (
    delete from audience_member m using answered u
    where u.operation = 'REMOVE' and u.status = 'DELIVERED' and not m.wanted and m.workspace_id = $1 and m.destination_id = $2
      and m.audience = u.audience and m.customer_id = u.customer_id
  )
  update audience_member m set held = false from answered u
  where u.operation = 'REMOVE' and u.status = 'DELIVERED' and m.wanted and m.workspace_id = $1 and m.destination_id = $2
    and m.audience = u.audience and m.customer_id = u.customer_id`,
);

export interface RecordRequest {
  readonly workspaceId: number;
  readonly destinationId: number;
  readonly now: Date;
  readonly attempted: readonly Attempted[];
}

/**
 * Writes down one attempt per delivery and what follows from it, in one transaction: refused credentials pause the
 * destination, an unreachable address is suppressed, whoever waited for their turn is due. Answers how many those are.
 */
export const recordAttempts = (database: Database, request: RecordRequest): Promise<number> =>
  database.transaction(request.workspaceId, (sql) => record(sql, request), plannedAnew);

async function record(sql: Transaction, { workspaceId, destinationId, now, attempted }: RecordRequest): Promise<number> {
  sql.send(save, [
    workspaceId,
    destinationId,
    now,
    uuids(attempted.map(({ id }) => id)),
    ints(attempted.map(({ attempt }) => attempt)),
    times(attempted.map(({ at }) => at)),
    ints(attempted.map(({ milliseconds }) => milliseconds)),
    texts(attempted.map(({ decision }) => decision.outcome)),
    texts(attempted.map(({ decision }) => decision.status)),
    times(attempted.map(({ decision }) => decision.dueAt)),
    texts(attempted.map(({ decision }) => decision.reason)),
    texts(attempted.map(({ decision }) => decision.reference)),
    uuids(attempted.map(({ addressId }) => addressId)),
    jsonbs(attempted.map(({ calls }) => (calls ? JSON.stringify(calls) : null))),
  ]);
  const ended = attempted.filter(({ decision }) => decision.status !== 'PENDING').map(({ id }) => id);
  return callNext(sql, workspaceId, { ended, now });
}
