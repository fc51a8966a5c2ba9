import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';

/** How one source is doing behind the traffic. */
export interface SourceHealth {
  readonly source: string;
  readonly kind: 'CALLS' | 'POLL' | 'BACKFILL';
  /** Calls waiting; 1 for a poll, backfills under way. */
  readonly waiting: number;
  readonly givenUp: number;
  /** Failures in a row: of a poll; of calls and backfills the most of any. */
  readonly failures: number;
  /** Seconds by which the oldest is late. */
  readonly late: number;
  readonly reason: string | null;
}

const ask = statement(
  'plugin.health',
  `select source, 'CALLS' as kind, count(*) filter (where status = 'WAITING') as waiting, count(*) filter (where status = 'GIVEN_UP') as "givenUp",
    coalesce(max(attempts) filter (where status = 'WAITING'), 0) as failures,
    coalesce(greatest(extract(epoch from $2 - min(due_at) filter (where status = 'WAITING')), 0), 0)::float8 as late, max(reason) as reason
  from inbox where workspace_id = $1 group by source
  union all
  select source, kind, count(*) filter (where status = 'READING'), count(*) filter (where status = 'GIVEN_UP'),
    coalesce(max(failures) filter (where status = 'READING'), 0),
    coalesce(greatest(extract(epoch from $2 - min(due_at) filter (where status = 'READING')), 0), 0)::float8,
    max(reason) filter (where status in ('READING', 'GIVEN_UP'))
  from reading where workspace_id = $1 group by source, kind
  order by 1, 2`,
);

/** What waits, fails or was given up, by source. */
export const sourceHealth = (database: Database, workspaceId: number, now: Date): Promise<SourceHealth[]> =>
  database.query<SourceHealth>(workspaceId, ask, [workspaceId, now]);
