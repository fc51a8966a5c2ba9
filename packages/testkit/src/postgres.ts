import { chmodSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '@enishi/server';

export interface EmbeddedServer {
  /** Address of the maintenance database; put another database's name in its place with `databaseUrl`. */
  readonly url: string;
  readonly stop: () => Promise<void>;
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

/**
 * A real PostgreSQL of its own in a temporary folder: durable settings off unless asked for, gone after `stop`. It is
 * started as the server starts its own, so it also runs for root in a folder that only root may enter.
 */
export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<EmbeddedServer> {
  const folder = mkdtempSync(join(tmpdir(), 'enishi-pg-'));
  chmodSync(folder, 0o755);
  const {
    url,
    folder: home,
    stop,
  } = await startEmbedded({ folder: join(folder, 'postgres'), settings: { max_connections: '200', ...settings } });
  const leaveRunning = stopWithProcess(join(home, 'data'));
  return {
    url,
    stop: async () => {
      await stop({ force: true });
      leaveRunning();
      await Promise.all([folder, home].map((path) => rm(path, { recursive: true, force: true })));
    },
  };
}

/** The same server's address of another database. */
export function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}
