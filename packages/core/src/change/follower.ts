import type { Database } from '../db/database.ts';
import type { Change, ChangeFilter } from './change.ts';
import { matches } from './change.ts';
import { changesAfter } from './log.ts';
import type { Reader } from './reader.ts';

/** Pull-based: nothing is read or kept for a consumer that does not ask. Ask for the next page only when the last has come. */
export interface Pages<TItem> extends AsyncIterableIterator<readonly TItem[], undefined> {
  /** Everything up to here has been handed out. */
  readonly position: number;
  /** Ends it, also while a page is awaited. */
  return(): Promise<IteratorReturnResult<undefined>>;
}

export const ended: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** How far one look at the log goes for a filter that has no index of its own. */
const stride = 20_000;

interface Stretch {
  readonly changes: readonly Change[];
  readonly upTo: number;
}

export interface FollowerOptions {
  readonly database: Database;
  readonly reader: Reader;
  readonly after: number;
  /** Asked anew for each page, so that it may follow a customer through merges. */
  readonly filter: () => ChangeFilter;
  readonly onClose: () => void;
}

/** One consumer of a workspace's log with a cursor of its own: served from the ring when near the head, from the table when behind. */
export class Follower implements Pages<Change> {
  readonly #options: FollowerOptions;
  #wake: (() => void) | undefined;
  #position: number;
  #closed = false;
  #behind: boolean;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#position = options.after;
    this.#behind = options.after < options.reader.head;
  }

  get position(): number {
    return this.#position;
  }

  async next(): Promise<IteratorResult<readonly Change[], undefined>> {
    const { reader } = this.#options;
    while (!this.#closed) {
      if (reader.head <= this.#position) {
        await this.#sleep(reader);
        continue;
      }
      const { changes, upTo } = cutAtMerge(this.#recent() ?? (await this.#stored()), this.#options.filter());
      if (this.#closed) break;
      this.#position = upTo;
      const caughtUp = this.#behind && upTo >= reader.head;
      if (caughtUp) this.#behind = false;
      // An empty page tells whoever had to catch up that it has: nothing was left for it.
      if (changes.length > 0 || caughtUp) return { value: changes };
    }
    return ended;
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    if (!this.#closed) {
      this.#closed = true;
      this.#wake?.();
      this.#options.onClose();
    }
    return ended;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #sleep(reader: Reader): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = reader.onMore(resolve);
    this.#wake = () => {
      cancel();
      resolve();
    };
    return promise;
  }

  #recent(): Stretch | undefined {
    const { reader, filter } = this.#options;
    const recent = reader.ring.after(this.#position, reader.page);
    const wanted = filter();
    return recent && { changes: recent.filter((change) => matches(wanted, change)), upTo: recent.at(-1)?.seq ?? this.#position };
  }

  async #stored(): Promise<Stretch> {
    const { database, reader, filter: wanted } = this.#options;
    this.#behind = true;
    const filter = wanted();
    const farthest = filter.segmentId === undefined ? Math.min(reader.head, this.#position + stride) : reader.head;
    const range = { after: this.#position, upTo: farthest, limit: reader.page, filter };
    const changes = await changesAfter(database, reader.workspaceId, range);
    return { changes, upTo: changes.length < reader.page ? farthest : (changes.at(-1)?.seq ?? farthest) };
  }
}

/** After a merge other customers are wanted: what follows it must be looked at again with the filter of then. */
function cutAtMerge(stretch: Stretch, filter: ChangeFilter): Stretch {
  if (filter.customerIds === undefined) return stretch;
  const index = stretch.changes.findIndex(({ kind }) => kind === 'MERGED' || kind === 'SPLIT');
  const merge = stretch.changes[index];
  return merge ? { changes: stretch.changes.slice(0, index + 1), upTo: merge.seq } : stretch;
}
