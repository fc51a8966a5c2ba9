import { createKey, type Role, type Workspace } from '@enishi/core';
import { createTestDatabase } from '@enishi/testkit';
import supertest from 'supertest';
import { type ConfigInput, createLogger, createServer, type EnishiServer } from '../src/index.ts';

export interface World extends AsyncDisposable {
  readonly server: EnishiServer;
  readonly workspace: Workspace;
  /** Where it listens. */
  readonly url: string;
  readonly http: ReturnType<typeof supertest>;
  /** The log so far, one object per line. */
  readonly log: readonly Record<string, unknown>[];
  key(role: Role, options?: { source?: string }): Promise<string>;
  /** Events stored, oldest first. */
  events(): Promise<StoredEvent[]>;
}

export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly at: Date;
  readonly properties: Record<string, unknown>;
  readonly context: Record<string, unknown> | null;
}

/** A server of its own on a database of its own, listening on a free port. */
export async function createWorld(config: ConfigInput = {}): Promise<World> {
  const database = await createTestDatabase();
  const log: Record<string, unknown>[] = [];
  const logger = createLogger(config.log?.level ?? 'info', { write: (line: string) => void log.push(JSON.parse(line)) });
  const server = await createServer(
    {
      ...config,
      database: { ...config.database, url: database.url, connections: 5 },
      http: { host: '127.0.0.1', port: 0, ...config.http },
    },
    { logger },
  ).catch(async (error: unknown) => {
    await database.stop();
    throw error;
  });
  const url = (await server.listen()).replace('localhost', '127.0.0.1');
  const [workspace] = server.workspaces;
  if (workspace === undefined) throw new Error('no workspace');
  return {
    server,
    workspace,
    url,
    log,
    http: supertest(url),
    key: async (role, options) => (await createKey(server.database, workspace, { name: role, role, ...options })).key,
    events: () => server.database.query<StoredEvent>(workspace.id, eventsOfWorkspace, [workspace.id]),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await database.stop();
    },
  };
}

const eventsOfWorkspace = `select e.id, e.type, s.key as source, e.occurred_at as at, e.properties, e.context
  from event e join source s on s.workspace_id = e.workspace_id and s.id = e.source_id
  where e.workspace_id = $1 order by e.received_at, e.id`;
