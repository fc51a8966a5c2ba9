import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { type Account, binariesFor, postgresAccount, reachable, sharedFolder } from './binaries.ts';
import { freePort } from './port.ts';
import { secretKeyIn } from './secret-key.ts';

const run = promisify(execFile);

export interface EmbeddedOptions {
  /** Where the data lives. Made if it is missing. */
  readonly folder: string;
  /** Settings of PostgreSQL laid over the house's. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedDatabase {
  readonly url: string;
  readonly folder: string;
  /** A key made with the data and kept beside it, for what must not be readable in the database alone. */
  readonly secretKey: string;
  /** Whether it was running already: another process uses it, or one that was killed had left it behind. */
  readonly shared: boolean;
  /**
   * The last one out stops it; with `force` whoever is still connected is cut off. Close every pool first: an idle
   * connection that breaks ends the process.
   */
  stop(options?: { readonly force?: boolean }): Promise<void>;
}

/**
 * A real PostgreSQL next to the server, for where no `DATABASE_URL` is set. It runs in a process group of its own, so
 * that Ctrl-C reaches the server alone and the server can still write down what it acknowledged. One that runs already,
 * for another command or because its server was killed, is shared.
 */
export async function startEmbedded({ folder, settings = {} }: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const account = await postgresAccount();
  const home = await homeOf(resolve(folder), account);
  const data = join(home, 'data');
  const binaries = await binariesFor(account);
  const password = await passwordOf(home);
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise({ binaries, data, password, account });
  const urlAt = (port: number): string => `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const running = await runningPort(data);
  const living = running !== undefined && (await answers(urlAt(running))) ? running : undefined;
  const url = urlAt(living ?? (await launch({ binaries, data, account, settings })));
  return {
    url,
    folder: home,
    secretKey: await secretKeyIn(home),
    shared: living !== undefined,
    stop: async ({ force = false } = {}) => {
      if (!force && (await inUse(url))) return;
      await run(join(binaries, 'bin', 'pg_ctl'), ['stop', '-D', data, '-m', 'fast', '-w', '-t', '20'], { ...account, cwd: '/' });
    },
  };
}

/** PostgreSQL's user must be able to walk to its data: a folder inside root's home is replaced by one of the system's. */
async function homeOf(folder: string, account: Account): Promise<string> {
  await mkdir(folder, { recursive: true });
  if (account.uid === undefined || (await reachable(dirname(folder)))) return folder;
  const home = join(sharedFolder, createHash('sha256').update(folder).digest('hex').slice(0, 12));
  await mkdir(home, { recursive: true });
  await chmod(home, 0o755);
  return home;
}

async function passwordOf(home: string): Promise<string> {
  const file = join(home, 'password');
  // Whoever comes first writes it; everybody reads what is there.
  await writeFile(file, `${randomBytes(18).toString('hex')}\n`, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return (await readFile(file, 'utf8')).trim();
}

/** Made beside its place and moved there whole: a process killed half-way leaves nothing that looks like a database. */
async function initialise(options: { binaries: string; data: string; password: string; account: Account }): Promise<void> {
  const { binaries, data, password, account } = options;
  const fresh = await mkdtemp(`${data}-`);
  const passwordFile = `${fresh}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) {
    await chmod(dirname(data), 0o755);
    await Promise.all([fresh, passwordFile].map((path) => chown(path, account.uid ?? 0, account.gid ?? 0)));
  }
  const flags = ['--auth=scram-sha-256', '--username=postgres', '--encoding=UTF8', '--locale=C.UTF-8', `--pwfile=${passwordFile}`];
  try {
    await run(join(binaries, 'bin', 'initdb'), [`--pgdata=${fresh}`, ...flags], { ...account, cwd: '/' });
    await rename(fresh, data);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    // Another process that began at the same moment was faster.
    if (existsSync(join(data, 'PG_VERSION'))) return;
    throw new Error(`PostgreSQL could not make its data folder ${data}`, { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Where the PostgreSQL listens that already works on this folder, if there is one. */
async function runningPort(data: string): Promise<number | undefined> {
  try {
    const [pid = '', , , port = ''] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n');
    return alive(Number(pid)) ? Number(port) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it can be connected to: one that is just ending, or was killed, still has its number written down. */
async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch (error) {
    // Still starting up, or full: it is there.
    return /^(?:57P03|53300)$/.test((error as { code?: string }).code ?? '');
  } finally {
    await client.end().catch(() => {});
  }
}

const others = `select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`;

/** Whether somebody else is connected. Connections closed just now take a moment to go, so the answer is not taken from one look. */
async function inUse(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    for (let look = 0; look < 10; look++) {
      if ((await client.query(others)).rowCount === 0) return false;
      await setTimeout(50);
    }
    return true;
  } catch {
    // Whoever cannot connect any more finds it stopped, or on its way.
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

function alive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

interface Launch {
  readonly binaries: string;
  readonly data: string;
  readonly account: Account;
  readonly settings: Readonly<Record<string, string>>;
}

/** How long a start waits for what a killed PostgreSQL left running: its workers notice its end one after the other. */
const patience = 30_000;

async function launch({ binaries, data, account, settings }: Launch): Promise<number> {
  const port = await freePort();
  const flags = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '256MB',
    ...settings,
  };
  const words = [`-p ${port}`, ...Object.entries(flags).map(([name, value]) => `-c ${name}='${value}'`)].join(' ');
  const log = join(data, 'postgres.log');
  const logged = async (): Promise<string> => readFile(log, 'utf8').catch(() => '');
  for (const deadline = Date.now() + patience; ; ) {
    const { length } = await logged();
    try {
      // pg_ctl puts it in a session of its own and waits until it answers.
      await run(join(binaries, 'bin', 'pg_ctl'), ['start', '-D', data, '-w', '-t', '60', '-l', log, '-o', words], { ...account, cwd: '/' });
      return port;
    } catch (error) {
      const said = (await logged()).slice(length);
      if (!/still in use|postmaster\.pid" already exists/.test(said) || Date.now() > deadline)
        throw new Error(`PostgreSQL did not start in ${data}:\n${said.slice(-2000)}`, { cause: error });
      await setTimeout(250);
    }
  }
}
