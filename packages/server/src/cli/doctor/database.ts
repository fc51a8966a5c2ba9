import pg from 'pg';
import type { Config } from '../../config/config.ts';
import type { Logger } from '../../http/log.ts';
import { redactText } from '../../http/redact.ts';
import { openDatabaseUrl } from '../../installation.ts';
import { sentenceOf } from '../exit.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** Asks as the user of DATABASE_URL: what it may see is what the server will. */
export async function* checkDatabase(config: Config, logger: Logger): AsyncGenerator<Finding> {
  let opened: Awaited<ReturnType<typeof openDatabaseUrl>>;
  try {
    opened = await openDatabaseUrl(config, logger);
  } catch (error) {
    yield fail('database', sentenceOf(error), 'Set DATABASE_URL to a PostgreSQL 15 or later, or look at the folder named here.');
    return;
  }
  const client = new pg.Client({ connectionString: opened.url, application_name: 'enishi-doctor', connectionTimeoutMillis: 5000 });
  // A server that goes away while we look must not end this process without a word.
  client.on('error', () => {});
  try {
    await client.connect();
    const where = config.database.url === undefined ? 'embedded' : redactText(opened.url);
    yield* examine(client, where);
  } catch (error) {
    yield fail('database', sentenceOf(error), 'Mend DATABASE_URL or start PostgreSQL, then run this again.');
  } finally {
    await client.end().catch(() => {});
    await opened.stop();
  }
}

async function* examine(client: pg.Client, where: string): AsyncGenerator<Finding> {
  const one = async <TRow extends pg.QueryResultRow>(text: string): Promise<TRow | undefined> => (await client.query<TRow>(text)).rows[0];
  const asked = Date.now();
  const server = await one<{ version: string; now: Date }>(`select current_setting('server_version') as version, clock_timestamp() as now`);
  const answered = Date.now();
  const major = Number.parseInt(server?.version ?? '0', 10);
  const found = `PostgreSQL ${server?.version} at ${where}`;
  yield major < 15 ? fail('database', found, 'Use PostgreSQL 15 or later.') : ok('database', found);
  yield clockFinding((server?.now.getTime() ?? 0) - (asked + answered) / 2);
  const migrations = await one<{ there: boolean }>(
    `select to_regclass('mikro_orm_migrations') is not null and to_regclass('customer') is not null as there`,
  );
  if (migrations?.there !== true) {
    yield warn('migrations', 'the schema is not there yet', 'Run enishi migrate; enishi start does it by itself.');
    return;
  }
  yield await migrationFinding(client);
  const role = await one<{ bypasses: boolean; member: boolean }>(
    `select rolsuper or rolbypassrls as bypasses, pg_has_role(current_user, oid, 'member') as member from pg_roles where rolname = 'enishi_app'`,
  );
  if (role === undefined) yield fail('role', 'enishi_app is missing', 'Run enishi migrate as the owner.');
  else if (role.bypasses) yield fail('role', 'enishi_app bypasses row-level security', 'alter role enishi_app nosuperuser nobypassrls');
  else if (!role.member) yield fail('role', 'this user may not become enishi_app', 'grant enishi_app to the user of DATABASE_URL');
  else yield ok('role', 'enishi_app, bound by row-level security');
  yield await policyFinding(client);
}

function clockFinding(difference: number): Finding {
  const seconds = Math.abs(difference) / 1000;
  const found = `database and server differ by ${seconds.toFixed(2)} s`;
  if (seconds > 60) return fail('clock', found, 'Run NTP on both: segments with time windows would flip at wrong moments.');
  return seconds > 1 ? warn('clock', found, 'Run NTP on both.') : ok('clock', found);
}

async function migrationFinding(client: pg.Client): Promise<Finding> {
  try {
    const { rows } = await client.query<{ name: string }>('select name from mikro_orm_migrations order by id');
    return ok('migrations', rows.map(({ name }) => name).join(', '));
  } catch {
    return ok('migrations', 'the schema is there (this user may not read its history)');
  }
}

const unprotected = `select c.relname as name from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and not c.relrowsecurity`;

async function policyFinding(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<{ name: string }>(unprotected);
  if (rows.length === 0) return ok('row security', 'on every table of a workspace');
  const names = rows.map(({ name }) => name).join(', ');
  return fail('row security', `off on ${names}`, 'Run enishi migrate; until then one workspace might see another.');
}
