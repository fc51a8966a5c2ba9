import { randomBytes } from 'node:crypto';
import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';
import { InvalidKeyRequest, KeyNotFound, type Violation } from '../errors.ts';
import { forgetCallers, hashKey } from './authenticate.ts';
import { isRole, isScope, type Role, roles, type Scope } from './roles.ts';
import type { Workspace } from './workspace.ts';

export interface KeyRequest {
  /** For people: who or what uses it. */
  readonly name: string;
  readonly role: Role | (string & {});
  /** Default: those of the role. */
  readonly scopes?: readonly (Scope | (string & {}))[];
  /** What the holder uses data for. Default: that of the role. */
  readonly purpose?: string;
  readonly expiresAt?: Date;
  /** Key of the source under which the holder's events are booked, such as `ec.orders`. Default `api`. */
  readonly source?: string;
}

export interface KeyRecord {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly scopes: readonly string[];
  readonly purpose: string;
  /** The first characters of the key, to tell keys apart. */
  readonly prefix: string;
  readonly source: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

const insertSource = statement(
  'access.source',
  'insert into source (workspace_id, key) values ($1, $2) on conflict (workspace_id, key) do nothing',
);
const insertKey = statement(
  'access.createKey',
  `insert into api_key (workspace_id, name, role, scopes, purpose, hash, prefix, source_id, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7, (select id from source where workspace_id = $1 and key = $8), $9) returning id`,
);

/** Makes a key and answers it this once: afterwards only its hash is known. */
export async function createKey(database: Database, workspace: Workspace, request: KeyRequest): Promise<{ id: string; key: string }> {
  const { name, purpose, scopes, source, expiresAt } = request;
  const { grant, violations } = judge(request);
  if (grant === undefined || violations.length > 0) throw new InvalidKeyRequest(violations);
  const key = `eni_${randomBytes(32).toString('base64url')}`;
  const id = await database.transaction(workspace.id, async (sql) => {
    if (source !== undefined) await sql(insertSource, [workspace.id, source]);
    const [row] = await sql<{ id: string }>(insertKey, [
      workspace.id,
      name.trim(),
      request.role,
      [...new Set(scopes ?? grant.scopes)],
      purpose ?? grant.purpose,
      hashKey(key),
      key.slice(0, 8),
      source ?? null,
      expiresAt ?? null,
    ]);
    return row?.id;
  });
  if (id === undefined) throw new Error('the key was not stored');
  return { id, key };
}

function judge({ name, role, scopes, purpose, source, expiresAt }: KeyRequest) {
  const grant = isRole(role) ? roles[role] : undefined;
  const violations: Violation[] = [];
  const refuse = (path: string, message: string): void => void violations.push({ path, message });
  if (name.trim() === '' || name.length > 200) refuse('name', 'use 1 to 200 characters');
  if (grant === undefined) refuse('role', `"${role}" is none of ${Object.keys(roles).join(', ')}`);
  for (const scope of scopes ?? []) if (!isScope(scope)) refuse('scopes', `there is no scope "${scope}"`);
  if (purpose !== undefined && !/^[a-z][a-z0-9_]{0,62}$/.test(purpose)) refuse('purpose', 'use a word of a-z, 0-9 and _');
  if (source !== undefined && !/^[a-z][\w.-]{0,126}$/.test(source)) refuse('source', 'use a source key such as "ec.orders"');
  if (expiresAt !== undefined && Number.isNaN(expiresAt.getTime())) refuse('expiresAt', 'use a valid date');
  return { grant, violations };
}

const revoke = statement(
  'access.revokeKey',
  'update api_key set revoked_at = coalesce(revoked_at, now()) where workspace_id = $1 and id = $2 returning id',
);

/** Stops a key for good: in this process at once, in others within the few seconds they remember a caller. */
export async function revokeKey(database: Database, workspaceId: number, id: string): Promise<void> {
  const known = /^[0-9a-f-]{36}$/i.test(id) ? await database.query(workspaceId, revoke, [workspaceId, id]) : [];
  forgetCallers(database);
  if (known.length === 0) throw new KeyNotFound(id);
}

const list = statement(
  'access.listKeys',
  `select k.id, k.name, k.role, k.scopes, k.purpose, k.prefix, s.key as source,
     k.created_at as "createdAt", k.expires_at as "expiresAt", k.revoked_at as "revokedAt"
   from api_key k left join source s on s.workspace_id = k.workspace_id and s.id = k.source_id
   where k.workspace_id = $1 order by k.created_at, k.id`,
);

/** All keys ever made, oldest first, the revoked ones included. */
export function listKeys(database: Database, workspaceId: number): Promise<KeyRecord[]> {
  return database.query<KeyRecord>(workspaceId, list, [workspaceId]);
}
