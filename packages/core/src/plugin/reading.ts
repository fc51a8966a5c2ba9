import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';
import type { Note } from '../line/batch.ts';

/** Whether a source is still being read. A poll always is. */
export type ReadingStatus = 'READING' | 'DONE' | 'GIVEN_UP' | 'CANCELLED';

/** A reading this process holds: nobody else reads the same until it is let go or the lease is over. */
export interface HeldReading {
  readonly id: string;
  readonly kind: 'POLL' | 'BACKFILL';
  readonly source: string;
  readonly options: unknown;
  /** `null` at the very first page. */
  readonly cursor: unknown;
  readonly holder: string;
  readonly failures: number;
}

const addPoll = statement(
  'plugin.reading-poll',
  `insert into reading (workspace_id, kind, source, due_at, created_at, updated_at) select $1, 'POLL', unnest($2::text[]), $3, $3, $3
  on conflict (workspace_id, source) where kind = 'POLL' do nothing`,
);

/** Makes the polled sources known to a workspace. Each is one row, whose lease lets one process read at a time. */
export const addPolls = async (database: Database, workspaceId: number, { sources, now }: { sources: readonly string[]; now: Date }) =>
  void (await database.query(workspaceId, addPoll, [workspaceId, sources, now]));

const due = statement(
  'plugin.reading-due',
  `select distinct source from reading where workspace_id = $1 and status = 'READING' and due_at <= $2`,
);

export const dueReadings = async (database: Database, workspaceId: number, now: Date): Promise<string[]> =>
  (await database.query<{ source: string }>(workspaceId, due, [workspaceId, now])).map(({ source }) => source);

// Materialized: PostgreSQL may ask a plain sub-select again for every row it meets, and would then hold readings that nobody is told of.
const take = statement(
  'plugin.reading-take',
  `with due as materialized (
    select id from reading
    where workspace_id = $1 and source = $2 and status = 'READING' and due_at <= $3 and ($5::uuid is null or id = $5)
    order by due_at limit 1 for update skip locked
  )
  update reading r set holder = gen_random_uuid(), due_at = $4
  from due
  where r.workspace_id = $1 and r.id = due.id
  returning r.id, r.kind, r.source, r.options, r.cursor, r.holder, r.failures`,
);

export interface Take {
  readonly source: string;
  /** This one, instead of the one that waits longest. */
  readonly id?: string;
  readonly now: Date;
  /** When it comes back by itself if this process dies. */
  readonly until: Date;
}

export async function takeReading(
  database: Database,
  workspaceId: number,
  { source, id, now, until }: Take,
): Promise<HeldReading | undefined> {
  const [row] = await database.query<HeldReading>(workspaceId, take, [workspaceId, source, now, until, id ?? null]);
  return row;
}

const turnPage = statement(
  'plugin.reading-turn-page',
  `update reading set cursor = $4, status = $5, due_at = $6, pages = pages + 1, read = read + $7, failures = 0, reason = null,
    holder = null, updated_at = $8
  where workspace_id = $1 and id = $2 and holder = $3 and status = 'READING'`,
);

export interface TurnedPage {
  readonly cursor: string;
  readonly status: 'READING' | 'DONE';
  readonly dueAt: Date;
  readonly read: number;
  readonly now: Date;
}

/** Moves on in the transaction of the page's events. Whoever lost the reading meanwhile moves nothing. */
export const pageTurned =
  (workspaceId: number, { id, holder }: HeldReading, page: TurnedPage): Note =>
  (sql) =>
    sql.send(turnPage, [workspaceId, id, holder, page.cursor, page.status, page.dueAt, page.read, page.now]);

const count = statement(
  'plugin.reading-count',
  `update reading set accepted = accepted + $3, duplicate = duplicate + $4, quarantined = quarantined + $5, rejected = rejected + $6
  where workspace_id = $1 and id = $2`,
);

export interface Counts {
  readonly accepted: number;
  readonly duplicate: number;
  readonly quarantined: number;
  readonly rejected: number;
}

/** Behind the page: the receipts are known only then. */
export const countReceipts = async (database: Database, workspaceId: number, { id, counts }: { id: string; counts: Counts }) =>
  void (await database.query(workspaceId, count, [
    workspaceId,
    id,
    counts.accepted,
    counts.duplicate,
    counts.quarantined,
    counts.rejected,
  ]));

const letGo = statement(
  'plugin.reading-let-go',
  `update reading set holder = null, due_at = $4, status = $5, reason = $6, failures = failures + $7, updated_at = $8
  where workspace_id = $1 and id = $2 and holder = $3 and status = 'READING'`,
);

export interface LetGo {
  readonly dueAt: Date;
  readonly status: 'READING' | 'GIVEN_UP';
  readonly reason: string | null;
  readonly failed: boolean;
  readonly now: Date;
}

/** Gives the reading back without a page; it goes on at the same cursor. */
export const letGoOf = async (database: Database, workspaceId: number, { reading, ...rest }: LetGo & { reading: HeldReading }) =>
  void (await database.query(workspaceId, letGo, [
    workspaceId,
    reading.id,
    reading.holder,
    rest.dueAt,
    rest.status,
    rest.reason,
    rest.failed ? 1 : 0,
    rest.now,
  ]));
