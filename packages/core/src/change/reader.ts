import type { Database } from '../db/database.ts';
import { changesAfter, headOf } from './log.ts';
import { Ring } from './ring.ts';

export interface ReaderOptions {
  readonly database: Database;
  readonly workspaceId: number;
  /** Weight the ring may hold: one per change plus one per customer it names. */
  readonly ring: number;
  /** Rows per read of the log. */
  readonly page: number;
}

/** The one reader of a workspace's log in this process, shared by all who follow it. */
export class Reader {
  readonly workspaceId: number;
  readonly page: number;
  readonly ring: Ring;
  readonly #database: Database;
  readonly #sleepers = new Set<() => void>();
  #reading: Promise<void> | undefined;
  #asked = 0;

  private constructor({ database, workspaceId, ring, page }: ReaderOptions, head: number) {
    this.#database = database;
    this.workspaceId = workspaceId;
    this.page = page;
    this.ring = new Ring(head, ring);
  }

  static async open(options: ReaderOptions): Promise<Reader> {
    return new Reader(options, await headOf(options.database, options.workspaceId));
  }

  get head(): number {
    return this.ring.head;
  }

  /** Reads what is new, one read at a time. A hint that comes while one runs makes it look once more. */
  advance(hint: number = Number.MAX_SAFE_INTEGER): Promise<void> {
    if (hint <= this.head) return Promise.resolve();
    this.#asked += 1;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Calls once, when the next changes have been read. Answers how to call it off. */
  onMore(wake: () => void): () => void {
    this.#sleepers.add(wake);
    return () => this.#sleepers.delete(wake);
  }

  async #read(): Promise<void> {
    for (;;) {
      const asked = this.#asked;
      const changes = await changesAfter(this.#database, this.workspaceId, { after: this.head, limit: this.page });
      this.ring.append(changes);
      if (changes.length > 0) this.#wake();
      if (changes.length < this.page && this.#asked === asked) return;
    }
  }

  #wake(): void {
    const sleepers = [...this.#sleepers];
    this.#sleepers.clear();
    for (const wake of sleepers) wake();
  }
}
