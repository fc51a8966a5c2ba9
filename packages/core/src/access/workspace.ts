import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';
import { InvalidWorkspace, type Violation } from '../errors.ts';

export interface Workspace {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2: how a phone number without a country code is read. */
  readonly country: string;
  /** Keys every deterministic id of this workspace, so that ids of two workspaces never meet. Never shown. */
  readonly salt: Buffer;
}

export interface WorkspaceInput {
  readonly key: string;
  readonly name: string;
  readonly country?: string;
  /** For a world that must come out the same each time. Random by default. */
  readonly salt?: Buffer;
}

const violationsOf = ({ key, name, country }: WorkspaceInput): Violation[] => [
  ...(/^[a-z0-9][a-z0-9-]{0,62}$/.test(key)
    ? []
    : [{ path: 'key', message: 'use 1 to 63 of a-z, 0-9 and -, starting with a letter or digit' }]),
  ...(name.trim() === '' || name.length > 200 ? [{ path: 'name', message: 'use 1 to 200 characters' }] : []),
  ...(country === undefined || /^[A-Z]{2}$/.test(country) ? [] : [{ path: 'country', message: 'use two capital letters (ISO 3166-1)' }]),
];

const columns = 'id, key, name, country, salt';

/**
 * Makes a workspace, or answers the one that already has this key as it is. Runs as the owner of the database: the
 * application's own role can see its workspace but make none.
 */
export async function createWorkspace(ownerUrl: string, input: WorkspaceInput): Promise<Workspace> {
  const violations = violationsOf(input);
  if (violations.length > 0) throw new InvalidWorkspace(violations);
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'enishi-owner' });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`insert into workspace (key, name, country, salt) values ($1, $2, $3, $4) on conflict (key) do nothing`, [
      input.key,
      input.name,
      input.country ?? 'JP',
      input.salt ?? randomBytes(32),
    ]);
    const found = await client.query<Workspace>(`select ${columns} from workspace where key = $1`, [input.key]);
    const [workspace] = found.rows;
    if (workspace === undefined) throw new Error(`workspace ${input.key} vanished while it was made`);
    await client.query(`insert into change_counter (workspace_id) values ($1) on conflict do nothing`, [workspace.id]);
    await client.query('commit');
    return workspace;
  } finally {
    await client.end();
  }
}

const listAll = statement('access.workspaces', 'select id, key from list_workspaces()');
const loadOne = statement('access.workspace', `select ${columns} from workspace where id = $1`);

export async function loadWorkspace(database: Database, key: string): Promise<Workspace | undefined> {
  const known = (await listKnown(database)).find((workspace) => workspace.key === key);
  return known && loadWorkspaceById(database, known.id);
}

export async function loadWorkspaceById(database: Database, id: number): Promise<Workspace | undefined> {
  const [workspace] = await database.query<Workspace>(id, loadOne, [id]);
  return workspace;
}

/** All workspaces, oldest first. */
export async function listWorkspaces(database: Database): Promise<Workspace[]> {
  const known = await listKnown(database);
  const loaded = await Promise.all(known.map(({ id }) => loadWorkspaceById(database, id)));
  return loaded.filter((workspace) => workspace !== undefined);
}

const listKnown = (database: Database): Promise<{ id: number; key: string }[]> => database.unscoped<{ id: number; key: string }>(listAll);
