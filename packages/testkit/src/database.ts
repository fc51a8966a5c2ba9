import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { databaseUrl } from './postgres.ts';

export interface TestDatabase {
  /** As its owner: `migrate` and `createWorkspace` need that; `Database.open` steps down to the application's role by itself. */
  readonly url: string;
  /** Drops it. Throws if somebody is still connected: that is a pool the test forgot to close. */
  readonly stop: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** A database of the newest schema and nothing in it, cloned in about 50 ms from the one the run migrated. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env.ENISHI_TEST_SERVER;
  const template = process.env.ENISHI_TEST_TEMPLATE;
  if (!server || !template) throw new Error("no test server: name '@enishi/testkit/setup' as globalSetup in vitest.config.ts");
  const name = `enishi_test_${randomBytes(8).toString('hex')}`;
  await onServer(server, (client) => client.query(`create database ${name} template ${template}`));
  const stop = () => onServer(server, (client) => stopDatabase(client, name));
  return { url: databaseUrl(server, name), stop, [Symbol.asyncDispose]: stop };
}

/** Runs on the maintenance database of a server. */
export async function onServer<TResult>(url: string, work: (client: pg.Client) => Promise<TResult>): Promise<TResult> {
  const client = new pg.Client({ connectionString: url, application_name: 'enishi-testkit' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  await client.query(`drop database if exists ${name} with (force)`);
}

async function stopDatabase(client: pg.Client, name: string): Promise<void> {
  const left = await whoStays(client, name);
  await dropDatabase(client, name);
  if (left.length > 0) throw new Error(`still connected when the test was over: ${left.join('; ')}`);
}

const connected = `select application_name || ': ' || state || ': ' || left(query, 200) as who
  from pg_stat_activity, pg_sleep(0.02) where datname = $1 and backend_type = 'client backend'`;

/** A closed connection's process needs a moment to go, so only those that stay for two seconds are named. */
async function whoStays(client: pg.Client, name: string): Promise<string[]> {
  const deadline = Date.now() + 2_000;
  for (;;) {
    const { rows } = await client.query<{ who: string }>(connected, [name]);
    if (rows.length === 0 || Date.now() > deadline) return rows.map(({ who }) => who);
  }
}
