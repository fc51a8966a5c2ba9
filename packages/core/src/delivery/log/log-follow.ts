import { ints, uuids } from '../../db/arrays.ts';
import type { Database } from '../../db/database.ts';
import { nilId } from '../../db/nil-id.ts';
import { statement } from '../../db/sql.ts';
import { type LoggedAttempt, loggedColumns } from './log.ts';

const most = 500;

// Only what tells them apart: most of them have been handed out, and what was said is long.
const keysAfter = statement(
  'delivery.log-keys',
  `select a.noted_at as "notedAt", a.delivery_id as "deliveryId", a.attempt from delivery_attempt a
  where a.workspace_id = $1 and a.calls is not null and (a.noted_at, a.delivery_id, a.attempt) > ($2, $3, $4)
    and ($5::text is null or exists (
      select from delivery d join destination t on t.workspace_id = $1 and t.id = d.destination_id
      where d.workspace_id = $1 and d.id = a.delivery_id and t.key = $5
    ))
  order by a.noted_at, a.delivery_id, a.attempt limit ${most}`,
);
const these = statement(
  'delivery.log-these',
  `select ${loggedColumns}
  where a.workspace_id = $1 and (a.delivery_id, a.attempt) in (select * from unnest($2::uuid[], $3::int[]))
  order by a.noted_at, a.delivery_id, a.attempt`,
);
const clock = statement('delivery.log-clock', 'select clock_timestamp() as now');

const everyMs = 500;
/** An attempt is noted when it is written and seen when that is committed, so one that was noted earlier may come later: as far back is looked. */
const longestCommitMs = 30_000;
const ended: IteratorReturnResult<undefined> = { done: true, value: undefined };

interface Key {
  readonly notedAt: Date;
  readonly deliveryId: string;
  readonly attempt: number;
}

/** Pages of what is said, as subscriptions pull them. */
export interface LogPages extends AsyncIterableIterator<readonly LoggedAttempt[], undefined> {
  /** How many attempts were handed out. */
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
  /** Where this look goes on; `undefined` where a new one begins. */
  #after: Key | undefined;
  /** What had been said before somebody subscribed is no news. */
  #begun = false;
  #newest: number | undefined;
  #handedOut = 0;
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(database: Database, workspaceId: number, destination: string | undefined) {
    this.#database = database;
    this.#workspaceId = workspaceId;
    this.#destination = destination;
  }

  get position(): number {
    return this.#handedOut;
  }

  async next(): Promise<IteratorResult<readonly LoggedAttempt[], undefined>> {
    while (!this.#closed) {
      const fresh = await this.#look();
      if (this.#begun && fresh.length > 0) return { value: await this.#read(fresh) };
      if (this.#after !== undefined) continue;
      this.#begun = true;
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

  /** Those of the next page that were not seen before. */
  async #look(): Promise<Key[]> {
    this.#newest ??= await this.#now();
    const from = this.#newest - longestCommitMs;
    const { notedAt, deliveryId, attempt } = this.#after ?? { notedAt: new Date(from), deliveryId: nilId, attempt: 0 };
    const values = [this.#workspaceId, notedAt, deliveryId, attempt, this.#destination ?? null];
    const keys = await this.#database.query<Key>(this.#workspaceId, keysAfter, values);
    this.#after = keys.length === most ? keys.at(-1) : undefined;
    const fresh = keys.filter((key) => !this.#seen.has(nameOf(key)));
    for (const key of fresh) {
      this.#seen.set(nameOf(key), key.notedAt.getTime());
      this.#newest = Math.max(this.#newest, key.notedAt.getTime());
    }
    for (const [name, at] of this.#seen) if (at < from) this.#seen.delete(name);
    return fresh;
  }

  async #read(keys: readonly Key[]): Promise<LoggedAttempt[]> {
    const values = [this.#workspaceId, uuids(keys.map(({ deliveryId }) => deliveryId)), ints(keys.map(({ attempt }) => attempt))];
    const attempts = await this.#database.query<LoggedAttempt>(this.#workspaceId, these, values);
    this.#handedOut += attempts.length;
    return attempts;
  }

  /** By the clock that notes them. */
  async #now(): Promise<number> {
    const [row] = await this.#database.query<{ now: Date }>(this.#workspaceId, clock);
    return row?.now.getTime() ?? Date.now();
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

const nameOf = ({ deliveryId, attempt }: Key): string => `${deliveryId}/${attempt}`;

/** Follows what is said to partners while somebody watches; of one destination, or of all. */
export const followDeliveryLog = (database: Database, workspaceId: number, destination?: string): LogPages =>
  new LogFollower(database, workspaceId, destination);
