import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';

/** A call that was given up, as an operator sees it: without its content, which may be personal. */
export interface GivenUpCall {
  readonly id: string;
  readonly source: string;
  readonly receivedAt: Date;
  readonly attempts: number;
  readonly reason: string;
}

const list = statement(
  'plugin.inbox-given-up',
  `select id, source, received_at as "receivedAt", attempts, reason from inbox
  where workspace_id = $1 and status = 'GIVEN_UP' and ($2::text is null or source = $2) order by received_at desc, id limit $3`,
);

/** Calls that were given up, the newest first. */
export const listGivenUpCalls = (
  database: Database,
  workspaceId: number,
  { source, limit = 100 }: { source?: string | undefined; limit?: number } = {},
): Promise<GivenUpCall[]> => database.query<GivenUpCall>(workspaceId, list, [workspaceId, source ?? null, limit]);

const replay = statement(
  'plugin.inbox-replay',
  `update inbox set status = 'WAITING', attempts = 0, due_at = $4, reason = null
  where workspace_id = $1 and status = 'GIVEN_UP' and ($2::text is null or source = $2) and ($3::uuid[] is null or id = any($3))
  returning id`,
);

/** Puts calls that were given up back to be worked on, as if they had just come, and answers how many. */
export async function replayCalls(
  database: Database,
  workspaceId: number,
  { source, ids, now = new Date() }: { source?: string | undefined; ids?: readonly string[] | undefined; now?: Date } = {},
): Promise<number> {
  const rows = await database.query(workspaceId, replay, [workspaceId, source ?? null, ids ?? null, now]);
  return rows.length;
}
