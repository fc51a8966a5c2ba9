import { createWorkspace, Database, type Workspace } from '@enishi/core';
import { createTestDatabase } from '@enishi/testkit';
import pg from 'pg';
import { expect, it } from 'vitest';

/** I6: no caller reads or writes another workspace's row, even where a query forgets to filter. */

interface Column {
  readonly name: string;
  readonly type: string;
  /** The first value its check constraint allows. */
  readonly allowed: string | null;
}

const samples: Readonly<Record<string, (seed: number) => unknown>> = {
  integer: (seed) => seed,
  bigint: (seed) => seed,
  smallint: (seed) => seed,
  'double precision': (seed) => seed,
  numeric: (seed) => seed,
  boolean: () => true,
  text: (seed) => `text ${seed}`,
  uuid: (seed) => `00000000-0000-4000-8000-${String(seed).padStart(12, '0')}`,
  bytea: (seed) => Buffer.from([seed]),
  json: () => '{}',
  jsonb: () => '{}',
  ARRAY: () => '{}',
  'timestamp with time zone': () => '2026-01-05T00:00:00Z',
};

async function world() {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await createTestDatabase());
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  stack.defer(() => owner.end());
  const database = await Database.open({ url });
  stack.defer(() => database.close());
  const mine = await createWorkspace(url, { key: 'mine', name: 'Mine' });
  const theirs = await createWorkspace(url, { key: 'theirs', name: 'Theirs' });
  await owner.query(`select ensure_event_partition('2026-01-01')`);
  const tables = await scopedTables(owner);
  for (const table of tables) for (const workspace of [mine, theirs]) await fill(owner, table, workspace);
  const open = stack.move();
  return { owner, database, mine, theirs, tables, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

async function scopedTables(owner: pg.Client): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `select c.table_name as name from information_schema.columns c
     join pg_class on pg_class.oid = to_regclass(quote_ident(c.table_name)) and not relispartition
     where c.table_schema = 'public' and c.column_name = 'workspace_id' order by 1`,
  );
  return rows.map(({ name }) => name);
}

async function fill(owner: pg.Client, table: string, workspace: Workspace): Promise<void> {
  const { rows } = await owner.query<Column>(
    `select column_name as name, data_type as type, (
       select substring(pg_get_constraintdef(oid) from '''([^'']+)''') from pg_constraint
       where contype = 'c' and conrelid = to_regclass($1) and conkey = array[ordinal_position]::smallint[]
     ) as allowed from information_schema.columns
     where table_schema = 'public' and table_name = $1 and is_nullable = 'NO' and column_default is null and is_identity = 'NO' and is_generated = 'NEVER'`,
    [table],
  );
  const values = rows.map(({ name, type, allowed }) => {
    if (name === 'workspace_id') return workspace.id;
    const sample = samples[type];
    if (!sample) throw new Error(`no sample value of type ${type} for ${table}.${name}`);
    return allowed ?? sample(workspace.id);
  });
  const names = rows.map(({ name }) => name);
  await owner.query(
    `insert into ${table} (${names.join(', ')}) values (${values.map((_, n) => `$${n + 1}`).join(', ')}) on conflict do nothing`,
    values,
  );
}

const count = `count(*)::int as rows`;
const denied = { code: '42501' };

it('shows a workspace its own rows of every table and nobody else’s, without any filter', async () => {
  await using w = await world();
  expect(w.tables.length).toBeGreaterThan(20);
  for (const table of w.tables) {
    const { rows: all } = await w.owner.query(`select workspace_id from ${table}`);
    expect(new Set(all.map((row) => row.workspace_id)), `${table} holds rows of both`).toEqual(new Set([w.mine.id, w.theirs.id]));
    const seen = await w.database.query<{ workspace_id: number }>(w.mine.id, `select workspace_id from ${table}`);
    expect(seen.length, table).toBeGreaterThan(0);
    expect(new Set(seen.map((row) => row.workspace_id)), table).toEqual(new Set([w.mine.id]));
  }
  expect(await w.database.query(w.mine.id, 'select key from workspace')).toEqual([{ key: 'mine' }]);
});

it('changes no row of another workspace, in any table', async () => {
  await using w = await world();
  for (const table of w.tables) {
    const before = await w.owner.query(`select * from ${table} where workspace_id = $1`, [w.theirs.id]);
    const touch = `update ${table} set workspace_id = workspace_id where workspace_id = $1 returning 1`;
    expect(await w.database.query(w.mine.id, touch, [w.theirs.id]), table).toEqual([]);
    expect(await w.database.query(w.mine.id, `delete from ${table} where workspace_id = $1 returning 1`, [w.theirs.id]), table).toEqual([]);
    const move = w.database.query(w.mine.id, `update ${table} set workspace_id = $1`, [w.theirs.id]);
    await expect(move, `${table} lets a row move away`).rejects.toMatchObject(denied);
    const { rows } = await w.owner.query<{ names: string; values: string }>(
      `select string_agg(quote_ident(attname), ', ') as names from pg_attribute
       where attrelid = to_regclass($1) and attnum > 0 and not attisdropped and attidentity = '' and attgenerated = ''`,
      [table],
    );
    const names = rows[0]?.names ?? '';
    const smuggled = names.replace(/\bworkspace_id\b/, String(w.theirs.id));
    const insert = w.database.query(w.mine.id, `insert into ${table} (${names}) select ${smuggled} from ${table}`);
    await expect(insert, `${table} takes a row for another workspace`).rejects.toMatchObject(denied);
    await expect(w.database.query(w.mine.id, `truncate ${table}`), table).rejects.toMatchObject(denied);
    const after = await w.owner.query(`select * from ${table} where workspace_id = $1`, [w.theirs.id]);
    expect(after.rows, table).toEqual(before.rows);
  }
});

it('opens no side door: partitions, the owner’s tables, other workspaces, switching security off', async () => {
  await using w = await world();
  const { rows: partitions } = await w.owner.query<{ name: string }>(
    `select relname as name from pg_class where relispartition and relkind = 'r'`,
  );
  expect(partitions.length).toBeGreaterThan(0);
  for (const { name } of partitions)
    await expect(w.database.query(w.mine.id, `select ${count} from ${name}`), name).rejects.toMatchObject(denied);
  await expect(w.database.query(w.mine.id, `insert into workspace (key, name, salt) values ('x', 'x', '')`)).rejects.toMatchObject(denied);
  await expect(w.database.query(w.mine.id, `update workspace set name = 'x'`)).rejects.toMatchObject(denied);
  await expect(
    w.database.transaction(w.mine.id, async (sql) => {
      await sql('set local row_security = off');
      await sql('select * from customer');
    }),
  ).rejects.toMatchObject(denied);
});

it('shows nothing to a connection that has named no workspace', async () => {
  await using w = await world();
  for (const table of [...w.tables, 'workspace']) {
    const rows = await w.database.unscoped<{ rows: number }>({ name: `isolation.${table}`, text: `select ${count} from ${table}` });
    expect(rows, table).toEqual([{ rows: 0 }]);
  }
});

it('leaves no table open that the application may touch', async () => {
  await using w = await world();
  const { rows } = await w.owner.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relnamespace = 'public'::regnamespace and not c.relrowsecurity
       and (has_table_privilege('enishi_app', c.oid, 'select') or has_table_privilege('enishi_app', c.oid, 'insert'))`,
  );
  expect(rows).toEqual([]);
});

it('keeps each unit of work of the entity manager in its workspace', async () => {
  await using w = await world();
  const rows = await w.database.em(w.mine.id).execute<{ workspace_id: number }[]>('select workspace_id from segment');
  expect(rows.map((row) => row.workspace_id)).toEqual([w.mine.id]);
  const others = await w.database.em(w.theirs.id).execute<{ workspace_id: number }[]>('select workspace_id from segment');
  expect(others.map((row) => row.workspace_id)).toEqual([w.theirs.id]);
});

it('works as the owner in these functions only', async () => {
  await using w = await world();
  const { rows } = await w.owner.query<{ name: string }>(
    `select proname as name from pg_proc where prosecdef and pronamespace = 'public'::regnamespace order by 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual([
    'authenticate_key',
    'ensure_event_partition',
    'list_first_timers',
    'list_workspaces',
    'refresh_statistics',
  ]);
});
