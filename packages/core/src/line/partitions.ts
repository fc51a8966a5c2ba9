import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';

const ensure = statement('partition_ensure', 'select ensure_event_partition($1::date)');

/** Sees to it that the months of a batch have a partition before its transaction begins, so that no batch waits for a table to be made. */
export class Partitions {
  readonly #database: Database;
  readonly #known = new Set<string>();

  constructor(database: Database) {
    this.#database = database;
  }

  async ensure(workspaceId: number, times: Iterable<Date>): Promise<void> {
    let last = '';
    for (const time of times) {
      const month = `${time.getUTCFullYear()}-${time.getUTCMonth() + 1}-1`;
      if (month === last || this.#known.has(month)) continue;
      last = month;
      await this.#database.query(workspaceId, ensure, [month]);
      this.#known.add(month);
    }
  }
}
