import { createHash } from 'node:crypto';
import { createWorkspace, Database, type Workspace } from '@enishi/core';
import { createTestDatabase } from '@enishi/testkit';
import pg from 'pg';

export const idOf = (name: string): string =>
  createHash('sha256')
    .update(name)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

export interface World extends AsyncDisposable {
  readonly database: Database;
  readonly workspace: Workspace;
  readonly url: string;
  /** Writes as the owner, past row-level security. */
  readonly insert: (table: string, rows: readonly Record<string, unknown>[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A database with one empty workspace; its rows are written straight into the tables, so that only reading is tested. */
export async function createWorld(): Promise<World> {
  const { url, stop } = await createTestDatabase();
  const workspace = await createWorkspace(url, { key: 'main', name: 'Main' });
  const database = await Database.open({ url, connections: 4 });
  const owner = new pg.Pool({ connectionString: url, max: 1 });
  await owner.query(`insert into source (workspace_id, key) values (${workspace.id}, 'ec.orders')`);
  for (const month of ['2026-01-01', '2026-02-01', '2026-03-01']) await owner.query('select ensure_event_partition($1)', [month]);
  const insert = async (table: string, rows: readonly Record<string, unknown>[]): Promise<void> => {
    const whole = rows.map((row) => ({ workspace_id: workspace.id, ...row }));
    // Only the columns given, so that the others keep their defaults.
    const columns = Object.keys(whole[0] ?? {}).join(', ');
    if (columns === '') return;
    await owner.query(
      `insert into ${table} (${columns}) overriding system value select ${columns} from json_populate_recordset(null::${table}, $1)`,
      [JSON.stringify(whole)],
    );
  };
  const close = async (): Promise<void> => {
    await database.close();
    await owner.end();
    await stop();
  };
  return { database, workspace, url, insert, close, [Symbol.asyncDispose]: close };
}

export interface CustomerRows {
  readonly identities?: readonly string[];
  readonly traits?: Record<string, unknown>;
  readonly consents?: Record<string, unknown>;
  readonly events?: readonly { at: string; identity?: string; type?: string; properties?: unknown }[];
}

/** A customer called `name` with the given identities (`namespace:value`), the first of which gives its id. */
export async function customer(world: World, name: string, rows: CustomerRows = {}): Promise<string> {
  const { identities = [`member:${name}`], traits = {}, consents = {}, events = [] } = rows;
  const id = idOf(identities[0] ?? name);
  const created = '2026-01-01T00:00:00Z';
  await world.insert(
    'identity',
    identities.map((identity, index) => {
      const [namespace, value] = identity.split(':');
      return { id: idOf(identity), customer_id: id, namespace, value, created_at: `2026-01-01T00:00:0${index}Z` };
    }),
  );
  await world.insert('customer', [
    {
      id,
      created_at: created,
      last_event_at: events[0]?.at ?? null,
      traits: Object.fromEntries(
        Object.entries(traits).map(([key, v]) => [key, { v, t: created, s: 1, e: idOf(`${name} ${key}`), i: id }]),
      ),
      consents,
      segments: [],
      facts: {},
      rules_version: 0,
    },
  ]);
  await world.insert(
    'event',
    events.map(({ at, identity = identities[0] ?? name, type = 'ec.order_placed', properties = {} }) => ({
      id: idOf(`${name} ${at} ${type}`),
      identity_id: idOf(identity),
      source_id: 1,
      type,
      occurred_at: at,
      received_at: at,
      identity_ids: identities.map(idOf),
      properties,
    })),
  );
  return id;
}
