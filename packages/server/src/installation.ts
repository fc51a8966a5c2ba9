import {
  createWorkspace,
  Database,
  Desks,
  type Line,
  type LineOptions,
  listWorkspaces,
  migrate,
  Registry,
  SecretKeyMissing,
  type Workspace,
} from '@enishi/core';
import type { Config } from './config/config.ts';
import { CountingLine, type OnReceipts } from './counting-line.ts';
import type { Logger } from './http/log.ts';
import { type AssembledParts, assembleParts } from './parts.ts';

/** The domain of one installation, open for work: what the server and every command stand on. */
export interface Installation extends AssembledParts {
  readonly config: Config;
  readonly url: string;
  readonly database: Database;
  readonly registry: Registry;
  readonly line: Line;
  /** Where plugins work: every call of one gets its desk here. */
  readonly desks: Desks;
  readonly workspaces: readonly Workspace[];
  /** Drains the line, then lets go of the database. */
  close(): Promise<void>;
}

export interface InstallationOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly publicUrl?: () => string;
  readonly now?: () => Date;
  /** Instead of `database.migrate` of the settings. */
  readonly migrate?: boolean;
  readonly onBatch?: LineOptions['onBatch'];
  readonly onReceipts?: OnReceipts;
}

export interface OpenedDatabase {
  readonly url: string;
  /** What secrets of plugins are encrypted under, where the settings name nothing. */
  readonly secretKey: string | undefined;
  readonly stop: () => Promise<void>;
}

/** The database of the settings, or the PostgreSQL that comes along where none is named. */
export async function openDatabaseUrl({ database }: Config, logger: Logger): Promise<OpenedDatabase> {
  if (database.url !== undefined) return { url: database.url, secretKey: undefined, stop: async () => {} };
  const { startEmbedded } = await import('./embedded/embedded.ts');
  const embedded = await startEmbedded({ folder: database.folder });
  logger.info({ folder: embedded.folder, shared: embedded.shared }, 'embedded PostgreSQL is up; set DATABASE_URL to use another');
  return embedded;
}

export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const { config, logger, now, onBatch } = options;
  // Everything that can be wrong without a database is found before one is touched.
  const registry = new Registry(config.plugins);
  const parts = assembleParts(config.plugins, options.publicUrl ?? (() => config.http.publicUrl ?? `http://localhost:${config.http.port}`));
  const { url, secretKey, stop } = await openDatabaseUrl(config, logger);
  try {
    const ownerUrl = config.database.ownerUrl ?? url;
    if (options.migrate ?? config.database.migrate) await prepare(ownerUrl, config, logger);
    const database = await Database.open({
      url,
      connections: config.database.connections,
      onError: (error) => logger.warn({ err: error }, 'a database connection broke'),
    });
    const { writers, batchSize } = config.line;
    const lineOptions: LineOptions = {
      database,
      registry,
      onError: (error) => logger.error({ err: error }, 'a batch failed'),
      ...(writers === undefined ? {} : { writers }),
      ...(batchSize === undefined ? {} : { batchSize }),
      ...(now === undefined ? {} : { now }),
      ...(onBatch === undefined ? {} : { onBatch }),
    };
    const line = new CountingLine(lineOptions, options.onReceipts ?? (() => {}));
    const desks = new Desks({
      database,
      registry,
      secretKey: config.secretKey ?? secretKey,
      onNote: ({ level, message, ...note }) => logger[level](note, message),
      ...(now === undefined ? {} : { now }),
    });
    const close = async (): Promise<void> => {
      await line.close();
      await desks.close();
      await database.close();
      await stop();
    };
    try {
      const workspaces = await listWorkspaces(database);
      if ((config.secretKey ?? secretKey) === undefined) await requireNoSecrets(config, database, workspaces);
      return { ...parts, config, url, database, registry, line, desks, workspaces, close };
    } catch (error) {
      await line.close();
      await desks.close();
      await database.close();
      throw error;
    }
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepare(ownerUrl: string, { workspaces }: Config, logger: Logger): Promise<void> {
  const { applied } = await migrate(ownerUrl);
  if (applied.length > 0) logger.info({ applied }, 'migrated');
  for (const { key, name, country } of workspaces) await createWorkspace(ownerUrl, { key, name: name ?? key, country });
}

/** Found at start and not when a plugin first needs the key: by then somebody has connected an account for nothing. */
async function requireNoSecrets({ plugins }: Config, database: Database, workspaces: readonly Workspace[]): Promise<void> {
  const declared = plugins.filter(({ keepsSecrets }) => keepsSecrets).map(({ name }) => name);
  const kept = await Promise.all(
    workspaces.map(({ id }) =>
      database.query<{ plugin: string }>(id, 'select distinct plugin from plugin_state where workspace_id = $1 and sealed is not null', [
        id,
      ]),
    ),
  );
  const [plugin] = [...declared, ...kept.flat().map((row) => row.plugin)];
  if (plugin !== undefined) throw new SecretKeyMissing(plugin);
}
