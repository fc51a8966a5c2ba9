import { RulesBusy } from '../errors.ts';

/** Lets so many in at once. The others wait in a row, but not for ever: `RulesBusy`. */
export class Turnstile {
  readonly #patienceMs: number;
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor({ places, patienceMs }: { places: number; patienceMs: number }) {
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
