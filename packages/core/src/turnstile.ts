import { RulesBusy } from './errors.ts';

/** Lets so many in at once. The others follow in the order they came; where patience has an end, it ends with `RulesBusy`. */
export class Turnstile {
  readonly #patienceMs: number | undefined;
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor({ places, patienceMs }: { places: number; patienceMs?: number }) {
    this.#free = places;
    this.#patienceMs = patienceMs;
  }

  async pass<TResult>(work: () => Promise<TResult>): Promise<TResult> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    if (this.#patienceMs === undefined) return promise;
    const timer = setTimeout(() => {
      this.#waiting.delete(resolve);
      reject(new RulesBusy());
    }, this.#patienceMs);
    await promise.finally(() => clearTimeout(timer));
  }

  /** The place goes to whoever waits longest; nobody who comes just then can slip in between. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free += 1;
    else {
      this.#waiting.delete(next);
      next();
    }
  }
}
