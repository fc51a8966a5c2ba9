import { createHash, randomBytes } from 'node:crypto';
import type { AccountLinkSource, Identifiers, Source } from '@enishi/plugin-sdk';
import type { Workspace } from '../access/workspace.ts';
import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';
import { InvalidIdentifier, UnknownSource } from '../errors.ts';
import { normaliseIdentifier } from '../identity/identity.ts';
import type { Registry } from '../registry/registry.ts';

/** How long somebody may take to connect an account. */
export const journeyMinutes = 10;

/** Somebody on their way to connect an account. */
export interface Journey {
  readonly source: string;
  readonly identifiers: Identifiers;
}

export interface JourneyRequest {
  /** Key such as `line.account`. */
  readonly source: string;
  /** Whom it is for: the front end that asks vouches for them. */
  readonly identifiers: readonly { readonly namespace: string; readonly value: string }[];
  readonly now: Date;
}

/** The account-link source of this key. Throws `UnknownSource`. */
export function accountLinkSource(sources: ReadonlyMap<string, Source>, key: string): AccountLinkSource {
  const source = sources.get(key);
  if (source?.kind !== 'account-link') throw new UnknownSource(key);
  return source;
}

const hashOf = (state: string): Buffer => createHash('sha256').update(state).digest();

const insert = statement(
  'plugin.journey-begin',
  'insert into account_link (workspace_id, state_hash, source, identifiers, expires_at) values ($1, $2, $3, $4, $5)',
);

/**
 * Begins a journey and answers its state: the workspace's key, a dot, 256 random bits. It stands for these identifiers, counts
 * once and lasts ten minutes. Throws `UnknownSource` or `InvalidIdentifier`.
 */
export async function beginJourney(
  { database, registry, sources }: { database: Database; registry: Registry; sources: ReadonlyMap<string, Source> },
  workspace: Workspace,
  { source, identifiers, now }: JourneyRequest,
): Promise<{ state: string; expiresAt: Date }> {
  accountLinkSource(sources, source);
  if (identifiers.length === 0) throw new InvalidIdentifier('', 'name at least one');
  for (const { namespace, value } of identifiers)
    if (normaliseIdentifier(registry, workspace, { namespace, value }) === undefined)
      throw new InvalidIdentifier(namespace, 'it is empty, malformed or junk');
  const state = `${workspace.key}.${randomBytes(32).toString('base64url')}`;
  const expiresAt = new Date(now.getTime() + journeyMinutes * 60_000);
  const held: Identifiers = Object.fromEntries(identifiers.map(({ namespace, value }) => [namespace, value]));
  await database.query(workspace.id, insert, [workspace.id, hashOf(state), source, JSON.stringify(held), expiresAt]);
  return { state, expiresAt };
}

/** The workspace a state was made for, as the state itself says; whether that is true shows when the journey is looked up. */
export const workspaceOfState = (state: string): string => state.slice(0, Math.max(state.lastIndexOf('.'), 0));

const find = statement(
  'plugin.journey-find',
  'select source, identifiers from account_link where workspace_id = $1 and state_hash = $2 and source = $3 and expires_at > $4',
);
const take = statement(
  'plugin.journey-take',
  `delete from account_link where workspace_id = $1 and state_hash = $2 and source = $3
  returning source, identifiers, expires_at > $4 as live`,
);

export interface JourneyKey {
  readonly state: string;
  readonly source: string;
  readonly now: Date;
}

/** The journey this state stands for, while it lasts. */
export async function findJourney(
  database: Database,
  workspaceId: number,
  { state, source, now }: JourneyKey,
): Promise<Journey | undefined> {
  const [row] = await database.query<Journey>(workspaceId, find, [workspaceId, hashOf(state), source, now]);
  return row;
}

/** The same for exactly one caller, and never again. */
export async function takeJourney(
  database: Database,
  workspaceId: number,
  { state, source, now }: JourneyKey,
): Promise<Journey | undefined> {
  const [row] = await database.query<Journey & { live: boolean }>(workspaceId, take, [workspaceId, hashOf(state), source, now]);
  return row?.live ? { source: row.source, identifiers: row.identifiers } : undefined;
}

const clear = statement('plugin.journey-expire', 'delete from account_link where workspace_id = $1 and expires_at <= $2');

export const clearExpiredJourneys = async (database: Database, workspaceId: number, now: Date): Promise<void> =>
  void (await database.query(workspaceId, clear, [workspaceId, now]));
