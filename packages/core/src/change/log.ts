import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';
import type { Change, ChangeFilter } from './change.ts';

// event_ids stays out: a row names up to a whole batch of events, and nobody who follows the log reads them.
const columns = `seq, at, kind, segment_id as "segmentId", customer_id as "customerId", customer_ids as "customerIds", cause`;

const readCounter = statement('change.head', 'select seq from change_counter where workspace_id = $1');
const readAll = statement(
  'change.all',
  `select ${columns} from change where workspace_id = $1 and seq > $2 and seq <= $3
     and kind = any(coalesce($5::text[], array[kind])) order by seq limit $4`,
);
const readSegment = statement(
  'change.segment',
  `select ${columns} from change where workspace_id = $1 and segment_id = $6 and seq > $2 and seq <= $3
     and kind = any(coalesce($5::text[], array[kind])) order by seq limit $4`,
);
const readCustomers = statement(
  'change.customers',
  `select ${columns} from change where workspace_id = $1 and seq > $2 and seq <= $3 and (customer_id = any($6::uuid[]) or customer_ids && $6::uuid[])
     and kind = any(coalesce($5::text[], array[kind])) order by seq limit $4`,
);

/** The newest committed change of a workspace, 0 before the first. Whoever sees it sees all before it. */
export async function headOf(database: Database, workspaceId: number): Promise<number> {
  const [row] = await database.query<{ seq: number }>(workspaceId, readCounter, [workspaceId]);
  return row?.seq ?? 0;
}

export interface LogRange {
  /** Changes after this one. */
  readonly after: number;
  /** At most up to this one. Default: to the newest. */
  readonly upTo?: number;
  /** At most this many. Default 1,000. */
  readonly limit?: number;
  readonly filter?: ChangeFilter;
}

/** Changes in order, oldest first: the reader for pulls such as BI's. Ask again with `after` = the last `seq` until it answers none. */
export function changesAfter(database: Database, workspaceId: number, range: LogRange): Promise<Change[]> {
  const { after, upTo = Number.MAX_SAFE_INTEGER, limit = 1000, filter = {} } = range;
  const values = [workspaceId, after, upTo, limit, filter.kinds ?? null];
  if (filter.customerIds !== undefined && filter.segmentId !== undefined)
    throw new TypeError('filter by segment or by customers, not both');
  if (filter.segmentId !== undefined) return database.query(workspaceId, readSegment, [...values, filter.segmentId]);
  if (filter.customerIds !== undefined) return database.query(workspaceId, readCustomers, [...values, filter.customerIds]);
  return database.query(workspaceId, readAll, values);
}
