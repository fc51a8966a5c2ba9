import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';
import type { Decision } from './decide.ts';

/** What one attempt came to. */
export interface Attempted {
  readonly id: string;
  readonly attempt: number;
  readonly at: Date;
  readonly milliseconds: number;
  readonly decision: Decision;
}

// An attempt whose lease ran out meanwhile is written down, but the delivery belongs to the attempt that took it over.
const save = statement(
  'delivery.record',
  `with answer as (
    select * from unnest($4::uuid[], $5::int[], $6::timestamptz[], $7::int[], $8::text[], $9::text[], $10::timestamptz[], $11::text[], $12::text[])
      as a(id, attempt, at, milliseconds, outcome, status, due_at, reason, reference)
  ), tried as (
    insert into delivery_attempt (workspace_id, delivery_id, attempt, at, outcome, reason, milliseconds)
    select $1, id, attempt, at, outcome, reason, milliseconds from answer on conflict do nothing
  ), paused as (
    update destination set paused_at = $3, paused_reason = (select reason from answer where outcome = 'fix-credentials' limit 1)
    where workspace_id = $1 and id = $2 and paused_at is null and exists (select from answer where outcome = 'fix-credentials')
  )
  update delivery d set status = answer.status, due_at = coalesce(answer.due_at, d.due_at), reason = answer.reason,
    reference = answer.reference, updated_at = $3,
    attempts_before = case when answer.outcome = 'fix-credentials' then d.attempts else d.attempts_before end
  from answer where d.workspace_id = $1 and d.id = answer.id and d.status = 'SENDING' and d.attempts = answer.attempt`,
);

export interface RecordRequest {
  readonly workspaceId: number;
  readonly destinationId: number;
  readonly now: Date;
  readonly attempted: readonly Attempted[];
}

/** Writes down one attempt per delivery and what follows from it, in one statement; refused credentials pause the destination in it too. */
export async function recordAttempts(database: Database, { workspaceId, destinationId, now, attempted }: RecordRequest): Promise<void> {
  await database.query(workspaceId, save, [
    workspaceId,
    destinationId,
    now,
    attempted.map(({ id }) => id),
    attempted.map(({ attempt }) => attempt),
    attempted.map(({ at }) => at),
    attempted.map(({ milliseconds }) => milliseconds),
    attempted.map(({ decision }) => decision.outcome),
    attempted.map(({ decision }) => decision.status),
    attempted.map(({ decision }) => decision.dueAt ?? null),
    attempted.map(({ decision }) => decision.reason ?? null),
    attempted.map(({ decision }) => decision.reference ?? null),
  ]);
}
