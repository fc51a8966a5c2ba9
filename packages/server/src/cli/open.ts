import { listWorkspaces, type Workspace } from '@enishi/core';
import { loadConfig } from '../config/load.ts';
import { createLogger, type Logger } from '../http/log.ts';
import { type Installation, openInstallation } from '../installation.ts';

export interface GlobalOptions {
  readonly config?: string;
  readonly workspace?: string;
}

/** Logs of a command go to stderr and only when they matter: stdout belongs to its answer. */
export async function commandLogger(level = process.env.LOG_LEVEL ?? 'warn'): Promise<Logger> {
  const { default: pino } = await import('pino');
  return createLogger(level, pino.destination({ dest: 2, sync: true }));
}

/** Opens the installation of the settings for one command and closes it after, whatever happened. */
export async function withInstallation<TResult>(
  options: GlobalOptions,
  work: (installation: Installation, workspace: Workspace) => Promise<TResult>,
): Promise<TResult> {
  const { config } = await loadConfig(options.config);
  // A look at somebody's database must not change its schema; the one that runs along is ours to keep up to date.
  const installation = await openInstallation({ config, logger: await commandLogger(), migrate: config.database.url === undefined });
  try {
    return await work(installation, await workspaceOf(installation, options.workspace ?? 'main'));
  } finally {
    await installation.close();
  }
}

async function workspaceOf({ database }: Installation, key: string): Promise<Workspace> {
  const all = await listWorkspaces(database);
  const workspace = all.find((candidate) => candidate.key === key);
  if (workspace !== undefined) return workspace;
  throw new Error(`There is no workspace "${key}"; there is ${all.map((known) => known.key).join(', ') || 'none: run enishi migrate'}.`);
}
