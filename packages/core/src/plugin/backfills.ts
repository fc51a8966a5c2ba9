import type { BackfillSource, Source } from '@enishi/plugin-sdk';
import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';
import { BackfillNotFound, InvalidOptions, UnknownSource } from '../errors.ts';
import { isStorable } from '../json.ts';
import type { Note } from '../line/batch.ts';
import type { ReadingStatus } from './reading.ts';

/** History being fetched, or fetched: how far it is and what came of it. */
export interface Backfill {
  readonly id: string;
  readonly source: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly status: ReadingStatus;
  readonly pages: number;
  /** Events in those pages; the counts below may lag behind after a crash, this one does not. */
  readonly read: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly quarantined: number;
  readonly rejected: number;
  /** Why the last page could not be read, or why it was given up. */
  readonly reason: string | null;
  /** When it is looked at next, while it is being read. */
  readonly dueAt: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface BackfillRequest {
  /** Key such as `foursquare.history`. */
  readonly source: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly now?: Date;
}

type Sources = ReadonlyMap<string, Source>;

const columns = `id, source, options, status, pages, read, accepted, duplicate, quarantined, rejected, reason, due_at as "dueAt",
  created_at as "createdAt", updated_at as "updatedAt"`;

/** The backfill source of this key. Throws `UnknownSource`. */
export function backfillSource(sources: Sources, key: string): BackfillSource {
  const source = sources.get(key);
  if (source?.kind !== 'backfill') throw new UnknownSource(key);
  return source;
}

function requireOptions(sources: Sources, { source: key, options }: BackfillRequest): string {
  const read = backfillSource(sources, key).options.safeParse(options);
  const json = JSON.stringify(options);
  const violations = read.success
    ? isStorable(json)
      ? []
      : [{ path: '', message: 'has a NUL character or half a surrogate pair' }]
    : read.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  if (violations.length > 0) throw new InvalidOptions(key, violations);
  return json;
}

const insert = statement(
  'plugin.backfill-start',
  `insert into reading (workspace_id, kind, source, options, due_at, created_at, updated_at) values ($1, 'BACKFILL', $2, $3, $4, $4, $4)
  returning ${columns}`,
);

/** Queues a backfill; a worker of any process reads it page by page. Throws `UnknownSource` or `InvalidOptions`. */
export async function startBackfill(
  { database, sources }: { database: Database; sources: Sources },
  workspaceId: number,
  request: BackfillRequest,
): Promise<Backfill> {
  const json = requireOptions(sources, request);
  const [row] = await database.query<Backfill>(workspaceId, insert, [workspaceId, request.source, json, request.now ?? new Date()]);
  if (row === undefined) throw new Error('a backfill vanished while it was started');
  return row;
}

/** The same beside events: it is started if and only if they are stored. Throws `UnknownSource` or `InvalidOptions` at once. */
export function backfillNote(sources: Sources, workspaceId: number, request: BackfillRequest): Note {
  const json = requireOptions(sources, request);
  return (sql) => sql.send(insert, [workspaceId, request.source, json, request.now ?? new Date()]);
}

const list = statement(
  'plugin.backfill-list',
  `select ${columns} from reading where workspace_id = $1 and kind = 'BACKFILL' and ($2::text is null or source = $2)
  order by created_at desc, id limit $3`,
);

/** Backfills, the newest first. */
export const listBackfills = (
  database: Database,
  workspaceId: number,
  { source, limit = 100 }: { source?: string | undefined; limit?: number } = {},
): Promise<Backfill[]> => database.query<Backfill>(workspaceId, list, [workspaceId, source ?? null, limit]);

const find = statement('plugin.backfill-find', `select ${columns} from reading where workspace_id = $1 and kind = 'BACKFILL' and id = $2`);

/** Throws `BackfillNotFound`. */
export async function loadBackfill(database: Database, workspaceId: number, id: string): Promise<Backfill> {
  const [row] = isUuid(id) ? await database.query<Backfill>(workspaceId, find, [workspaceId, id]) : [];
  if (row === undefined) throw new BackfillNotFound(id);
  return row;
}

const isUuid = (id: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);

const cancel = statement(
  'plugin.backfill-cancel',
  `update reading set status = 'CANCELLED', holder = null, updated_at = $3
  where workspace_id = $1 and kind = 'BACKFILL' and id = $2 and status in ('READING', 'GIVEN_UP')`,
);

/** Reads no further page; what has been stored stays. One that has ended is answered as it is. Throws `BackfillNotFound`. */
export async function cancelBackfill(database: Database, workspaceId: number, { id, now = new Date() }: { id: string; now?: Date }) {
  if (isUuid(id)) await database.query(workspaceId, cancel, [workspaceId, id, now]);
  return loadBackfill(database, workspaceId, id);
}

const resume = statement(
  'plugin.backfill-resume',
  `update reading set status = 'READING', failures = 0, due_at = $3, updated_at = $3
  where workspace_id = $1 and kind = 'BACKFILL' and id = $2 and status in ('CANCELLED', 'GIVEN_UP')`,
);

/** Goes on at the cursor where it was given up or cancelled. Throws `BackfillNotFound`. */
export async function resumeBackfill(database: Database, workspaceId: number, { id, now = new Date() }: { id: string; now?: Date }) {
  if (isUuid(id)) await database.query(workspaceId, resume, [workspaceId, id, now]);
  return loadBackfill(database, workspaceId, id);
}
