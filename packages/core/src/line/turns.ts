/**
 * Lets batches of one process that are about the same customers go one after the other. Left to meet in PostgreSQL they
 * would wait there with locks in hand, and the later one would have to do all of its work again.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Waits for whoever took one of these keys before, in order of asking. Answers how to let the next ones in. */
  async take(keys: ReadonlySet<string>): Promise<() => void> {
    let release = (): void => {};
    const mine = new Promise<void>((resolve) => {
      release = resolve;
    });
    const before = new Set<Promise<void>>();
    // All keys at once, before anything is waited for: two that want the same keys cannot each hold one.
    for (const key of keys) {
      const other = this.#last.get(key);
      if (other !== undefined) before.add(other);
      this.#last.set(key, mine);
    }
    await Promise.all(before);
    return () => {
      for (const key of keys) if (this.#last.get(key) === mine) this.#last.delete(key);
      release();
    };
  }
}
