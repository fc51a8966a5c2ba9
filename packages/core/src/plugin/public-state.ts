import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';

/** Only keys that begin so are shown to resolvers: a nonce or a token of one plugin is no other plugin's business. */
const shown = 'public/';

const find = statement(
  'plugin.state-public',
  `select key, value from plugin_state
  where workspace_id = $1 and plugin = $2 and key = any($3::text[]) and sealed is null and (expires_at is null or expires_at > $4)`,
);

export interface PublicStateRequest {
  readonly workspaceId: number;
  readonly plugin: string;
  readonly keys: readonly string[];
  readonly now: Date;
}

/** What a plugin keeps under these keys, in their order, by one statement. `undefined` for what is not there or not public. */
export async function publicState(database: Database, { workspaceId, plugin, keys, now }: PublicStateRequest): Promise<readonly unknown[]> {
  const asked = keys.filter((key) => key.startsWith(shown));
  if (asked.length === 0) return keys.map(() => undefined);
  const rows = await database.query<{ key: string; value: unknown }>(workspaceId, find, [workspaceId, plugin, asked, now]);
  const values = new Map(rows.map(({ key, value }) => [key, value]));
  return keys.map((key) => values.get(key));
}
