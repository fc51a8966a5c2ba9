import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';

const insert = statement('source_insert', 'insert into source (workspace_id, key) values ($1, $2) on conflict do nothing');
const find = statement('source_find', 'select id from source where workspace_id = $1 and key = $2');

export interface SourceRecord {
  readonly id: number;
  readonly key: string;
}

/** The sources events are booked under. One is made the first time it is named, and never changes. */
export class Sources {
  readonly #database: Database;
  readonly #known = new Map<string, SourceRecord>();

  constructor(database: Database) {
    this.#database = database;
  }

  async get(workspaceId: number, key: string): Promise<SourceRecord> {
    const place = `${workspaceId} ${key}`;
    const known = this.#known.get(place);
    if (known !== undefined) return known;
    await this.#database.query(workspaceId, insert, [workspaceId, key]);
    const [row] = await this.#database.query<{ id: number }>(workspaceId, find, [workspaceId, key]);
    if (row === undefined) throw new Error(`source ${key} vanished`);
    const source = { id: row.id, key };
    this.#known.set(place, source);
    return source;
  }
}
