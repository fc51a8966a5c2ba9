import { createKey, type KeyRecord, listKeys, revokeKey } from '@enishi/core';
import { exitCodes } from './exit.ts';
import { type GlobalOptions, withInstallation } from './open.ts';
import { table } from './table.ts';

interface CreateOptions extends GlobalOptions {
  readonly role: string;
  readonly name?: string;
  readonly scope?: readonly string[];
  readonly purpose?: string;
  readonly source?: string;
  readonly expires?: string;
}

export const createCommand = (options: CreateOptions): Promise<number> =>
  withInstallation(options, async ({ database }, workspace) => {
    const { id, key } = await createKey(database, workspace, {
      name: options.name ?? `${options.role} of the command line`,
      role: options.role,
      ...(options.scope === undefined ? {} : { scopes: options.scope }),
      ...(options.purpose === undefined ? {} : { purpose: options.purpose }),
      ...(options.source === undefined ? {} : { source: options.source }),
      ...(options.expires === undefined ? {} : { expiresAt: new Date(options.expires) }),
    });
    // The key alone on stdout, so that a script can take it.
    console.log(key);
    console.error(`id ${id}, role ${options.role}, workspace ${workspace.key}. It is shown this once.`);
    return exitCodes.done;
  });

export const listCommand = (options: GlobalOptions & { readonly json?: boolean }): Promise<number> =>
  withInstallation(options, async ({ database }, workspace) => {
    const keys = await listKeys(database, workspace.id);
    console.log(
      options.json ? JSON.stringify(keys, undefined, 2) : table(['id', 'name', 'role', 'source', 'state', 'made'], keys.map(row)),
    );
    return exitCodes.done;
  });

const row = (key: KeyRecord): string[] => [
  key.id,
  key.name,
  key.role,
  key.source ?? 'api',
  stateOf(key),
  key.createdAt.toISOString().slice(0, 10),
];

function stateOf({ revokedAt, expiresAt }: KeyRecord): string {
  if (revokedAt !== null) return `revoked ${revokedAt.toISOString().slice(0, 10)}`;
  if (expiresAt === null) return 'active';
  return expiresAt < new Date() ? 'expired' : `until ${expiresAt.toISOString().slice(0, 10)}`;
}

export const revokeCommand = (options: GlobalOptions & { readonly id: string }): Promise<number> =>
  withInstallation(options, async ({ database }, workspace) => {
    await revokeKey(database, workspace.id, options.id);
    console.log(`Key ${options.id} is revoked; running servers notice within five seconds.`);
    return exitCodes.done;
  });
