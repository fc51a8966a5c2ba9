import { Refusal } from '../http/errors.ts';

/** Lets so many calls of one source in at once: a source that floods or hangs fills its own gate and nobody else's. */
export class Gate {
  readonly #most: number;
  readonly #inside = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Sources with something under way. */
  get sources(): number {
    return this.#inside.size;
  }

  /** Runs the work, or refuses it with 429 where the source has enough under way. */
  async enter<TResult>(source: string, work: () => Promise<TResult>): Promise<TResult> {
    const inside = this.#inside.get(source) ?? 0;
    if (inside >= this.#most)
      throw new Refusal(429, 'BUSY', { message: 'Too many calls of this webhook are under way; come back in a second.', retryAfter: 1 });
    this.#inside.set(source, inside + 1);
    try {
      return await work();
    } finally {
      const left = (this.#inside.get(source) ?? 1) - 1;
      // Anybody may call any name: one that is kept for each would fill the memory.
      if (left > 0) this.#inside.set(source, left);
      else this.#inside.delete(source);
    }
  }
}
