import type { RawRequest } from '@enishi/plugin-sdk';
import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';
import { type Call, callHash, rememberedUntil } from './calls.ts';

/** A call that was verified and is worked on behind its answer. */
export interface StoredCall {
  readonly id: string;
  readonly request: RawRequest;
  /** Counts from 1. */
  readonly attempt: number;
}

type Envelope = Omit<RawRequest, 'body'>;

/** What proves who called has done so; kept, it would be a password lying about. */
const proofs = ['authorization', 'proxy-authorization', 'cookie'];

const envelopeOf = ({ method, path, query, headers }: RawRequest): Envelope => ({
  method,
  path,
  query,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !proofs.includes(name))),
});

// The vendor's id and the call are stored together: neither a replay nor a crash can separate them.
const store = statement(
  'plugin.inbox-store',
  `with call as (
    insert into webhook_call (workspace_id, source, call, done, until) select $1, $2, $6::bytea, true, $7 where $6::bytea is not null
    on conflict (workspace_id, source, call) do update set done = true, until = excluded.until where webhook_call.until <= $3
    returning true
  )
  insert into inbox (workspace_id, source, request, body, due_at, received_at, status, reason)
  select $1, $2, $4::jsonb, $5, $3, $3, case when $8::text is null then 'WAITING' else 'GIVEN_UP' end, $8
  where $6::bytea is null or exists (select from call)
  returning id`,
);

export interface CallToStore {
  readonly source: string;
  readonly request: RawRequest;
  readonly now: Date;
  readonly callId?: string | undefined;
  /** It is kept for an operator and not worked on, for this reason. */
  readonly givenUp?: string;
}

/** Keeps a call durably and answers its id; `undefined` where the vendor's id of it came before: then nothing is kept. */
export async function storeCall(database: Database, workspaceId: number, call: CallToStore): Promise<string | undefined> {
  const { source, request, now, callId, givenUp = null } = call;
  const known: Call | undefined = callId === undefined ? undefined : { source, id: callId };
  const hash = known === undefined ? null : callHash(known);
  // PostgreSQL's jsonb holds no NUL, which an address may carry as %00.
  const envelope = JSON.stringify(envelopeOf(request), (_name, value) => (typeof value === 'string' ? value.replaceAll('\0', '') : value));
  const values = [workspaceId, source, now, envelope, Buffer.from(request.body), hash, rememberedUntil(now), givenUp];
  const [row] = await database.query<{ id: string }>(workspaceId, store, values);
  return row?.id;
}

// Materialized: PostgreSQL may ask a plain sub-select again for every row it meets, and would then take calls that nobody is told of.
const take = statement(
  'plugin.inbox-take',
  `with due as materialized (
    select id from inbox where workspace_id = $1 and source = $2 and status = 'WAITING' and due_at <= $3
    order by due_at limit 1 for update skip locked
  )
  update inbox i set attempts = i.attempts + 1, due_at = $4
  from due
  where i.workspace_id = $1 and i.id = due.id
  returning i.id, i.request, i.body, i.attempts as attempt`,
);

/** Takes the call that waits longest; it comes back by itself at `until` if this process dies. */
export async function takeCall(
  database: Database,
  workspaceId: number,
  { source, now, until }: { source: string; now: Date; until: Date },
): Promise<StoredCall | undefined> {
  const [row] = await database.query<{ id: string; request: Envelope; body: Buffer; attempt: number }>(workspaceId, take, [
    workspaceId,
    source,
    now,
    until,
  ]);
  return row && { id: row.id, attempt: row.attempt, request: { ...row.request, body: row.body } };
}

const due = statement(
  'plugin.inbox-due',
  `select distinct source from inbox where workspace_id = $1 and status = 'WAITING' and due_at <= $2`,
);

export const dueInboxes = async (database: Database, workspaceId: number, now: Date): Promise<string[]> =>
  (await database.query<{ source: string }>(workspaceId, due, [workspaceId, now])).map(({ source }) => source);

/** Its events are stored: nothing personal stays behind. Sent in the transaction that stores them. */
export const removeCall = statement('plugin.inbox-remove', 'delete from inbox where workspace_id = $1 and id = $2');

const putBack = statement(
  'plugin.inbox-put-back',
  `update inbox set due_at = $3, reason = $4, attempts = attempts - $5 where workspace_id = $1 and id = $2 and status = 'WAITING'`,
);

export interface PutBack {
  readonly id: string;
  readonly dueAt: Date;
  readonly reason: string;
  /** Whether the attempt counts towards giving up. */
  readonly counts: boolean;
}

export const putBackCall = async (database: Database, workspaceId: number, { id, dueAt, reason, counts }: PutBack): Promise<void> =>
  void (await database.query(workspaceId, putBack, [workspaceId, id, dueAt, reason, counts ? 0 : 1]));

const giveUp = statement(
  'plugin.inbox-give-up',
  `update inbox set status = 'GIVEN_UP', reason = $3 where workspace_id = $1 and id = $2 and status = 'WAITING'`,
);

/** Kept with the reason until an operator replays or removes it. */
export const giveUpCall = async (database: Database, workspaceId: number, { id, reason }: { id: string; reason: string }): Promise<void> =>
  void (await database.query(workspaceId, giveUp, [workspaceId, id, reason]));
