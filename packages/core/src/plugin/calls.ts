import { createHash } from 'node:crypto';
import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';

/** How long a vendor's id of a call is remembered. */
export const callMemoryDays = 7;
const day = 86_400_000;

/** One call of a source by the vendor's own id. */
export interface Call {
  readonly source: string;
  readonly id: string;
}

/** As it is kept: a vendor's id may be of any length, and may say more than we need to know. */
export const callHash = ({ id }: Call): Buffer => createHash('sha256').update(id).digest();

export const rememberedUntil = (now: Date): Date => new Date(now.getTime() + callMemoryDays * day);

// A claim that ran out belonged to a process that died, or is older than is remembered.
const claim = statement(
  'plugin.call-claim',
  `insert into webhook_call (workspace_id, source, call, done, until) values ($1, $2, $3, false, $5)
  on conflict (workspace_id, source, call) do update set done = false, until = excluded.until where webhook_call.until <= $4
  returning true as mine`,
);
const look = statement('plugin.call-look', 'select done from webhook_call where workspace_id = $1 and source = $2 and call = $3');

/** Takes a call for this process to work on; `done` if that has been, `busy` while somebody else is at it. */
export async function claimCall(
  database: Database,
  workspaceId: number,
  { call, now, seconds }: { call: Call; now: Date; seconds: number },
): Promise<'mine' | 'done' | 'busy'> {
  const key = [workspaceId, call.source, callHash(call)];
  const claimed = await database.query(workspaceId, claim, [...key, now, new Date(now.getTime() + seconds * 1000)]);
  if (claimed.length > 0) return 'mine';
  const [found] = await database.query<{ done: boolean }>(workspaceId, look, key);
  return found?.done ? 'done' : 'busy';
}

const finish = statement(
  'plugin.call-finish',
  'update webhook_call set done = true, until = $4 where workspace_id = $1 and source = $2 and call = $3',
);
const release = statement(
  'plugin.call-release',
  'delete from webhook_call where workspace_id = $1 and source = $2 and call = $3 and not done',
);

/** From now on the same call does nothing. */
export const finishCall = async (database: Database, workspaceId: number, { call, now }: { call: Call; now: Date }): Promise<void> =>
  void (await database.query(workspaceId, finish, [workspaceId, call.source, callHash(call), rememberedUntil(now)]));

/** It came to nothing: when the vendor sends it again it is worked on. */
export const releaseCall = async (database: Database, workspaceId: number, call: Call): Promise<void> =>
  void (await database.query(workspaceId, release, [workspaceId, call.source, callHash(call)]));

const clear = statement('plugin.call-expire', 'delete from webhook_call where workspace_id = $1 and until <= $2');

export const clearExpiredCalls = async (database: Database, workspaceId: number, now: Date): Promise<void> =>
  void (await database.query(workspaceId, clear, [workspaceId, now]));
