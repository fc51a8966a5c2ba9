import { createHash } from 'node:crypto';
import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';
import { isScope, type Scope } from './roles.ts';
import { loadWorkspaceById, type Workspace } from './workspace.ts';

/** Who is calling: one key, seen as the rights it carries. */
export interface Caller {
  readonly workspace: Workspace;
  readonly keyId: string;
  readonly role: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly purpose: string;
  /** Key of the source under which the caller's events are booked. */
  readonly source: string;
}

interface KeyRow {
  readonly workspace_id: number;
  readonly id: string;
  readonly role: string;
  readonly scopes: string[];
  readonly purpose: string;
  readonly source_id: number | null;
  readonly expires_at: Date | null;
}

interface Remembered {
  readonly caller: Caller;
  readonly until: number;
}

/** How long a caller is remembered without asking the database: a revoked key stops everywhere within this time. */
const memory = 5_000;
const mostRemembered = 10_000;

const callers = new WeakMap<Database, Map<string, Remembered>>();

const findKey = statement(
  'access.authenticate',
  'select workspace_id, id, role, scopes, purpose, source_id, expires_at from authenticate_key($1)',
);
const findSource = statement('access.sourceOfKey', 'select key from source where workspace_id = $1 and id = $2');

/** Only this is stored: who reads the database cannot call as anybody. A key has 256 random bits, so no slow hash is needed. */
export const hashKey = (key: string): Buffer => createHash('sha256').update(key).digest();

/** The caller a key belongs to, or undefined for one that is malformed, unknown, expired or revoked. */
export async function authenticate(database: Database, rawKey: string): Promise<Caller | undefined> {
  if (!/^eni_[\w-]{43}$/.test(rawKey)) return undefined;
  // Looked up and remembered by its hash, so that no key lies in memory longer than its request.
  const hash = hashKey(rawKey);
  const remembered = callers.get(database)?.get(hash.toString('base64'));
  if (remembered && remembered.until > Date.now()) return remembered.caller;
  const [row] = await database.unscoped<KeyRow>(findKey, [hash]);
  if (row === undefined) return undefined;
  const caller = await callerOf(database, row);
  if (caller)
    remember(database, hash.toString('base64'), { caller, until: Math.min(Date.now() + memory, row.expires_at?.getTime() ?? Infinity) });
  return caller;
}

/** After a revocation in this process: the next request of everybody asks the database again. */
export function forgetCallers(database: Database): void {
  callers.delete(database);
}

async function callerOf(database: Database, row: KeyRow): Promise<Caller | undefined> {
  const [workspace, sources] = await Promise.all([
    loadWorkspaceById(database, row.workspace_id),
    row.source_id === null ? [] : database.query<{ key: string }>(row.workspace_id, findSource, [row.workspace_id, row.source_id]),
  ]);
  return (
    workspace && {
      workspace,
      keyId: row.id,
      role: row.role,
      scopes: new Set(row.scopes.filter(isScope)),
      purpose: row.purpose,
      source: sources[0]?.key ?? 'api',
    }
  );
}

function remember(database: Database, hash: string, entry: Remembered): void {
  const known = callers.get(database) ?? new Map<string, Remembered>();
  callers.set(database, known);
  const oldest = known.size >= mostRemembered ? known.keys().next().value : undefined;
  if (oldest !== undefined) known.delete(oldest);
  known.set(hash, entry);
}
