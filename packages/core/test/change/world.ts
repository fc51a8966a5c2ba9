import { randomUUID } from 'node:crypto';
import { createWorkspace, Database, Feed, type FeedOptions, type Sql, statement, type Workspace } from '@enishi/core';
import { createTestDatabase } from '@enishi/testkit';
import pg from 'pg';

export interface World extends AsyncDisposable {
  readonly url: string;
  readonly database: Database;
  readonly feed: Feed;
  readonly workspace: Workspace;
}

/** A database, a feed that hears it and a workspace; gone at the end of the test. */
export async function createWorld(options: Partial<FeedOptions> = {}): Promise<World> {
  const { url, stop } = await createTestDatabase();
  const database = await Database.open({ url });
  const feed = new Feed({ database, ...options });
  await feed.start();
  const workspace = await createWorkspace(url, { key: 'main', name: 'Main' });
  return {
    url,
    database,
    feed,
    workspace,
    [Symbol.asyncDispose]: async () => {
      await feed.stop();
      await database.close();
      await stop();
    },
  };
}

export async function createSegment(database: Database, workspace: Workspace, key: string): Promise<number> {
  const [row] = await database.query<{ id: number }>(
    workspace.id,
    `insert into segment (workspace_id, key, name, rule, status) values ($1, $2, $2, '{}', 'LIVE') returning id`,
    [workspace.id, key],
  );
  if (row === undefined) throw new Error('no segment');
  return row.id;
}

export interface Move {
  readonly segmentId: number;
  readonly customerId: string;
  readonly change: 'ENTERED' | 'LEFT';
}

export interface Row {
  readonly kind: string;
  readonly segmentId?: number;
  readonly customerId?: string;
  readonly customerIds?: readonly string[];
}

const logChanges = statement(
  'test.log',
  `with next as (update change_counter set seq = seq + $2 where workspace_id = $1 returning seq),
   logged as (
     insert into change (workspace_id, seq, at, kind, segment_id, customer_id, customer_ids, cause)
     select $1, next.seq - $2 + n.place, now(), n.kind, n.segment_id, n.customer_id, n.customer_ids::uuid[], '{"kind":"EVENT"}'
     from next, unnest($3::text[], $4::int[], $5::uuid[], $6::text[]) with ordinality as n (kind, segment_id, customer_id, customer_ids, place)
   )
   select seq, pg_notify('enishi_change', $1 || ':' || seq) from next`,
);

/** Rows of the change log as the line writes them: the counter is taken by the transaction's last statement. */
export async function log(sql: Sql, workspaceId: number, rows: readonly Row[]): Promise<void> {
  await sql(logChanges, [
    workspaceId,
    rows.length,
    rows.map(({ kind }) => kind),
    rows.map(({ segmentId }) => segmentId ?? null),
    rows.map(({ customerId }) => customerId ?? null),
    rows.map(({ customerIds }) => (customerIds ? `{${customerIds.join(',')}}` : null)),
  ]);
}

const enter = statement(
  'test.enter',
  `insert into membership (workspace_id, segment_id, customer_id, entered_at) values ($1, $2, $3, clock_timestamp())
   on conflict (workspace_id, segment_id, customer_id, entered_at) do update set left_at = null`,
);
const leave = statement(
  'test.leave',
  `update membership set left_at = clock_timestamp() where workspace_id = $1 and segment_id = $2 and customer_id = $3 and left_at is null`,
);

/** One batch as the line commits it: memberships first, the log last. */
export async function commit(database: Database, workspaceId: number, moves: readonly Move[]): Promise<void> {
  await database.transaction(workspaceId, async (sql) => {
    for (const { segmentId, customerId, change } of moves)
      await sql(change === 'ENTERED' ? enter : leave, [workspaceId, segmentId, customerId]);
    await log(
      sql,
      workspaceId,
      moves.map(({ change, segmentId, customerId }) => ({ kind: change, segmentId, customerId })),
    );
  });
}

/** Cuts the line on which this database's processes hear notifications; answers how many were cut. As owner: the application may not. */
export async function dropListeners({ url }: World): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rowCount } = await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen %'`,
  );
  await client.end();
  return rowCount ?? 0;
}

export const customers = (count: number): string[] => Array.from({ length: count }, () => randomUUID());
