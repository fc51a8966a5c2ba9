import type { Database } from '../../db/database.ts';
import { statement } from '../../db/sql.ts';
import { InvalidCursor, UnknownDestination } from '../../errors.ts';
import type { AttemptRecord } from './list.ts';
import type { WireCall } from './wire.ts';

const watch = statement('delivery.watch', `update destination set debug_until = $3 where workspace_id = $1 and key = $2 returning id`);

/** The longest a destination's calls are written down after one request: what is said to partners is nothing to keep by the way. */
export const longestWatchMinutes = 60;

/** Writes down what is said to this partner until then; `null` ends it. Throws UnknownDestination. */
export async function watchDestination(
  database: Database,
  workspaceId: number,
  { key, minutes, now = new Date() }: { readonly key: string; readonly minutes: number; readonly now?: Date },
): Promise<Date | null> {
  const kept = Math.min(Math.max(minutes, 0), longestWatchMinutes);
  const until = kept === 0 ? null : new Date(now.getTime() + kept * 60_000);
  const rows = await database.query(workspaceId, watch, [workspaceId, key, until]);
  if (rows.length === 0) throw new UnknownDestination(key);
  return until;
}

/** One attempt whose calls were written down. */
export interface LoggedAttempt extends AttemptRecord {
  readonly deliveryId: string;
  readonly destination: string;
  readonly calls: readonly WireCall[];
}

export interface LogPage {
  readonly attempts: readonly LoggedAttempt[];
  /** Hand it in as `after` for the next page; `undefined` on the last. */
  readonly next: string | undefined;
}

/** Ends with the tables it reads. */
export const loggedColumns = `a.delivery_id as "deliveryId", t.key as destination, a.attempt, a.at, a.outcome, a.reason, a.milliseconds, a.calls
  from delivery_attempt a
  join delivery d on d.workspace_id = $1 and d.id = a.delivery_id
  join destination t on t.workspace_id = $1 and t.id = d.destination_id`;

const list = `select ${loggedColumns}
  where a.workspace_id = $1 and a.calls is not null and ($2::text is null or t.key = $2) and ($3::uuid is null or a.delivery_id = $3)
    and ($4::timestamptz is null or (a.at, a.delivery_id, a.attempt) < ($4, $5::uuid, $6::int))
  order by a.at desc, a.delivery_id desc, a.attempt desc limit $7`;

export interface LogRequest {
  readonly destination?: string | undefined;
  readonly deliveryId?: string | undefined;
  /** At most 100. */
  readonly first: number;
  readonly after?: string | undefined;
}

/** What was said to partners while somebody watched, newest first. Throws InvalidCursor. */
export async function deliveryLog(database: Database, workspaceId: number, request: LogRequest): Promise<LogPage> {
  const limit = Math.min(Math.max(Math.trunc(request.first), 1), 100);
  const position = request.after === undefined ? [null, null, null] : readCursor(request.after);
  const values = [workspaceId, request.destination ?? null, request.deliveryId ?? null, ...position, limit + 1];
  const rows = await database.query<LoggedAttempt>(workspaceId, list, values);
  const attempts = rows.slice(0, limit);
  const last = attempts.at(-1);
  return { attempts, next: rows.length > limit && last ? cursorOf(last) : undefined };
}

const cursorOf = ({ at, deliveryId, attempt }: LoggedAttempt): string =>
  Buffer.from(`${at.getTime()}/${deliveryId}/${attempt}`).toString('base64url');

function readCursor(cursor: string): readonly [Date, string, number] {
  const [, time, id, attempt] = /^(\d{1,15})\/([0-9a-f-]{36})\/(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (time === undefined || id === undefined) throw new InvalidCursor();
  return [new Date(Number(time)), id, Number(attempt)];
}
