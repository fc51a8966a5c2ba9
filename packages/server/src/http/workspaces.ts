import { type Database, loadWorkspace, type Workspace } from '@enishi/core';
import { Refusal, unavailable } from './errors.ts';

const known = new WeakMap<Database, Map<string, Workspace>>();

/** The workspace of this key; 404 where there is none. Workspaces are never renamed or removed, so each is looked up once. */
export async function workspaceOf(database: Database, key: string): Promise<Workspace> {
  const found = known.get(database) ?? new Map<string, Workspace>();
  known.set(database, found);
  const remembered = found.get(key);
  if (remembered !== undefined) return remembered;
  const workspace = await loadWorkspace(database, key).catch((error: unknown) => {
    throw unavailable('The workspace cannot be looked up now.', error);
  });
  if (workspace === undefined) throw new Refusal(404, 'UNKNOWN_WORKSPACE', { message: `There is no workspace "${key.slice(0, 64)}".` });
  found.set(key, workspace);
  return workspace;
}
