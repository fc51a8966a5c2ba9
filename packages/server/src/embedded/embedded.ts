import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Account, binariesFor, postgresAccount, reachable, sharedFolder } from './binaries.ts';
import { freePort } from './port.ts';

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
  /** Whether another process had started it and keeps it running. */
  readonly shared: boolean;
  /** Stops it, unless another process needs it. Close every pool first: an idle connection that breaks ends the process. */
  stop(): Promise<void>;
}

interface Running {
  readonly owner: number;
  readonly postgres: number;
  readonly port: number;
}

/**
 * A real PostgreSQL next to the server, for where no `DATABASE_URL` is set. It runs in a process group of its own, so
 * that Ctrl-C reaches the server alone and the server can still write down what it acknowledged. One that outlived a
 * killed server is taken over; one that a living process started is shared.
 */
export async function startEmbedded({ folder, settings = {} }: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const account = await postgresAccount();
  const home = await homeOf(resolve(folder), account);
  const data = join(home, 'data');
  const binaries = await binariesFor(account);
  const password = await passwordOf(home);
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise({ binaries, data, password, account });
  const living = await runningIn(home, data);
  const owned = living === undefined || !alive(living.owner);
  const running = living ?? (await launch({ binaries, data, account, settings }));
  if (owned) await writeFile(join(home, 'running.json'), JSON.stringify({ ...running, owner: process.pid }));
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${running.port}/postgres`,
    folder: home,
    shared: !owned,
    stop: async () => {
      if (!owned) return;
      await run(join(binaries, 'bin', 'pg_ctl'), ['stop', '-D', data, '-m', 'fast', '-w', '-t', '20'], { ...account, cwd: '/' });
      await rm(join(home, 'running.json'), { force: true });
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
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim();
  const password = randomBytes(18).toString('hex');
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return password;
}

async function initialise(options: { binaries: string; data: string; password: string; account: Account }): Promise<void> {
  const { binaries, data, password, account } = options;
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { recursive: true, mode: 0o700 });
  const passwordFile = join(data, '..', 'initdb-password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) {
    await chmod(dirname(data), 0o755);
    await Promise.all([data, passwordFile].map((path) => chown(path, account.uid ?? 0, account.gid ?? 0)));
  }
  const flags = ['--auth=scram-sha-256', '--username=postgres', '--encoding=UTF8', '--locale=C.UTF-8', `--pwfile=${passwordFile}`];
  try {
    await run(join(binaries, 'bin', 'initdb'), [`--pgdata=${data}`, ...flags], { ...account, cwd: '/' });
  } catch (error) {
    await rm(data, { recursive: true, force: true });
    throw new Error(`PostgreSQL could not make its data folder ${data}`, { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** The PostgreSQL that already works on this folder, if there is one. */
async function runningIn(home: string, data: string): Promise<Running | undefined> {
  try {
    const [pid = '', , , port = ''] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n');
    const postgres = Number(pid);
    if (!alive(postgres)) return undefined;
    const remembered = await readFile(join(home, 'running.json'), 'utf8').catch(() => '{}');
    const { owner = 0 } = JSON.parse(remembered) as Partial<Running>;
    return { owner, postgres, port: Number(port) };
  } catch {
    return undefined;
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

async function launch({ binaries, data, account, settings }: Launch): Promise<Running> {
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
  // pg_ctl puts it in a session of its own and waits until it answers.
  await run(join(binaries, 'bin', 'pg_ctl'), ['start', '-D', data, '-w', '-t', '60', '-l', log, '-o', words], {
    ...account,
    cwd: '/',
  }).catch(async (error: unknown) => {
    const said = await readFile(log, 'utf8').catch(() => '');
    throw new Error(`PostgreSQL did not start in ${data}:\n${said.slice(-2000)}`, { cause: error });
  });
  const [pid = ''] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n');
  return { owner: process.pid, postgres: Number(pid), port };
}
