import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../db/database.ts';
import { type Attempted, recordAttempts } from './record.ts';

export interface RecorderOptions {
  readonly database: Database;
  readonly workspaceId: number;
  readonly destinationId: number;
  readonly now: () => Date;
}

const tries = 6;

/** Writes outcomes down together: those that come while a statement is under way share the next one. */
export class Recorder {
  readonly #options: RecorderOptions;
  #waiting: Attempted[] = [];
  #next: Promise<number> | undefined;
  #current: Promise<number> = Promise.resolve(0);

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** Resolves when these are stored, with how many others that made due. Rejects when the database stayed away: their lease brings the deliveries back. */
  add(attempted: readonly Attempted[]): Promise<number> {
    this.#waiting.push(...attempted);
    this.#next ??= this.#current.catch(() => 0).then(() => this.#flush());
    return this.#next;
  }

  #flush(): Promise<number> {
    const attempted = this.#waiting;
    this.#waiting = [];
    this.#next = undefined;
    this.#current = this.#store(attempted);
    return this.#current;
  }

  async #store(attempted: readonly Attempted[]): Promise<number> {
    const { database, workspaceId, destinationId, now } = this.#options;
    for (let tried = 1; ; tried++) {
      try {
        return await recordAttempts(database, { workspaceId, destinationId, now: now(), attempted });
      } catch (error) {
        if (tried === tries) throw error;
        await pause(100 * 2 ** tried);
      }
    }
  }
}
