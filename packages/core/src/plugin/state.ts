import type { StateStore } from '@enishi/plugin-sdk';
import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';
import { PluginStateRefused, SecretKeyMissing } from '../errors.ts';
import { isStorable } from '../json.ts';
import { seal, unseal } from './seal.ts';

/** The largest value one key may hold, as JSON. */
const mostBytes = 64 * 1024;
const longestKey = 512;

export interface StateOptions {
  readonly database: Database;
  readonly workspaceId: number;
  readonly plugin: string;
  readonly secretKey: string | undefined;
  readonly now: () => Date;
}

interface Row {
  readonly value: unknown;
  readonly sealed: Buffer | null;
}

const live = '(expires_at is null or expires_at > $4)';

const find = statement(
  'plugin.state-get',
  `select value, sealed from plugin_state where workspace_id = $1 and plugin = $2 and key = $3 and ${live}`,
);
const keep = statement(
  'plugin.state-set',
  `insert into plugin_state (workspace_id, plugin, key, value, sealed, expires_at, updated_at) values ($1, $2, $3, $5, $6, $7, $4)
  on conflict (workspace_id, plugin, key) do update
  set value = excluded.value, sealed = excluded.sealed, expires_at = excluded.expires_at, updated_at = excluded.updated_at`,
);
const forget = statement('plugin.state-delete', 'delete from plugin_state where workspace_id = $1 and plugin = $2 and key = $3');
// Two who take at once meet on the row's lock; the second finds it gone.
const take = statement(
  'plugin.state-take',
  `delete from plugin_state where workspace_id = $1 and plugin = $2 and key = $3
  returning value, sealed, ${live} as live`,
);

/** What a plugin remembers in one workspace. */
export function stateOf({ database, workspaceId, plugin, secretKey, now }: StateOptions): StateStore {
  const place = (key: string) => ({ workspaceId, plugin, key });
  const opened = <TValue>(key: string, row: Row | undefined): TValue | undefined => {
    if (row === undefined) return undefined;
    if (row.sealed === null) return row.value as TValue;
    if (secretKey === undefined) throw new SecretKeyMissing(plugin);
    const text = unseal(secretKey, place(key), row.sealed);
    if (text === undefined) throw new PluginStateRefused(key, 'it was encrypted with another secret key; put that one back, or delete it');
    return JSON.parse(text) as TValue;
  };
  return {
    get: async <TValue>(key: string) => {
      const [row] = await database.query<Row>(workspaceId, find, [workspaceId, plugin, key, now()]);
      return opened<TValue>(key, row);
    },
    set: async (key, value, { secret = false, forSeconds } = {}) => {
      const json = jsonOf(key, value);
      if (secret && secretKey === undefined) throw new SecretKeyMissing(plugin);
      const at = now();
      const expiresAt = expiryOf(key, at, forSeconds);
      const sealed = secret && secretKey !== undefined ? seal(secretKey, place(key), json) : null;
      await database.query(workspaceId, keep, [workspaceId, plugin, key, at, sealed === null ? json : 'null', sealed, expiresAt]);
    },
    delete: async (key) => void (await database.query(workspaceId, forget, [workspaceId, plugin, key])),
    take: async <TValue>(key: string) => {
      const [row] = await database.query<Row & { live: boolean }>(workspaceId, take, [workspaceId, plugin, key, now()]);
      return opened<TValue>(key, row?.live ? row : undefined);
    },
  };
}

const longestSeconds = 100 * 366 * 86_400;

function expiryOf(key: string, at: Date, seconds: number | undefined): Date | null {
  if (seconds === undefined) return null;
  if (Number.isNaN(seconds)) throw new PluginStateRefused(key, 'forSeconds is no number');
  return new Date(at.getTime() + Math.min(Math.max(seconds, 0), longestSeconds) * 1000);
}

function jsonOf(key: string, value: unknown): string {
  if (key === '' || key.length > longestKey || key.includes('\0')) throw new PluginStateRefused(key, `use 1 to ${longestKey} characters`);
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) throw new PluginStateRefused(key, 'the value is not JSON');
  const bytes = Buffer.byteLength(json);
  if (bytes > mostBytes) throw new PluginStateRefused(key, `the value has ${bytes} bytes; ${mostBytes} is the most`);
  if (!isStorable(json)) throw new PluginStateRefused(key, 'the value has a NUL character or half a surrogate pair');
  return json;
}

const clear = statement('plugin.state-expire', 'delete from plugin_state where workspace_id = $1 and expires_at <= $2');

/** Removes what has expired. Nobody reads it any more; this only keeps the table small. */
export const clearExpiredState = async (database: Database, workspaceId: number, now: Date): Promise<void> =>
  void (await database.query(workspaceId, clear, [workspaceId, now]));
