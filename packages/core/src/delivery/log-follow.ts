import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';
import { type LoggedAttempt, loggedColumns } from './log.ts';

const since = statement(
  'delivery.log-since',
  `select ${loggedColumns}
  where a.workspace_id = $1 and a.calls is not null and a.at >= $2 and ($3::text is null or t.key = $3)
  order by a.at, a.delivery_id, a.attempt limit 500`,
);

const everyMs = 500;
/** An attempt is written down when its call ends, so one that began earlier may come later: as far back is looked. */
const longestCallMs = 120_000;
const ended: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Pages of what is said, as subscriptions pull them. */
export interface LogPages extends AsyncIterableIterator<readonly LoggedAttempt[], undefined> {
  /** The newest call handed out, in milliseconds since 1970. */
  readonly position: number;
  /** Ends it, also while a page is awaited. */
  return(): Promise<IteratorReturnResult<undefined>>;
}

/** What is said to partners from now on, each attempt once. It looks twice a second, and only while somebody asks for the next page. */
class LogFollower implements LogPages {
  readonly #database: Database;
  readonly #workspaceId: number;
  readonly #destination: string | undefined;
  readonly #seen = new Map<string, number>();
  #first = true;
  #newest: number;
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(database: Database, workspaceId: number, destination: string | undefined) {
    this.#database = database;
    this.#workspaceId = workspaceId;
    this.#destination = destination;
    this.#newest = Date.now();
  }

  get position(): number {
    return this.#newest;
  }

  async next(): Promise<IteratorResult<readonly LoggedAttempt[], undefined>> {
    while (!this.#closed) {
      const fresh = await this.#look();
      // What had been said before somebody subscribed is no news.
      if (fresh.length > 0 && !this.#first) return { value: fresh };
      this.#first = false;
      await this.#pause();
    }
    return ended;
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#closed = true;
    this.#wake?.();
    return ended;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #look(): Promise<LoggedAttempt[]> {
    const from = this.#newest - longestCallMs;
    const values = [this.#workspaceId, new Date(from), this.#destination ?? null];
    const rows = await this.#database.query<LoggedAttempt>(this.#workspaceId, since, values);
    const fresh = rows.filter((row) => !this.#seen.has(keyOf(row)));
    for (const row of fresh) {
      this.#seen.set(keyOf(row), row.at.getTime());
      this.#newest = Math.max(this.#newest, row.at.getTime());
    }
    for (const [key, at] of this.#seen) if (at < from) this.#seen.delete(key);
    return fresh;
  }

  async #pause(): Promise<void> {
    if (this.#closed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, everyMs);
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
  }
}

const keyOf = ({ deliveryId, attempt }: LoggedAttempt): string => `${deliveryId}/${attempt}`;

/** Follows what is said to partners while somebody watches; of one destination, or of all. */
export const followDeliveryLog = (database: Database, workspaceId: number, destination?: string): LogPages =>
  new LogFollower(database, workspaceId, destination);
