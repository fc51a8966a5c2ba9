import type { Change } from './change.ts';

/** A row that names a whole batch of customers weighs as much as it holds. */
const weightOf = ({ customerIds }: Change): number => 1 + (customerIds?.length ?? 0);

/** The most recent changes of one workspace, without gaps and of bounded weight: what subscribers near the head are served from. */
export class Ring {
  readonly #capacity: number;
  #changes: Change[] = [];
  #weight = 0;
  #head: number;

  constructor(head: number, capacity: number) {
    this.#head = head;
    this.#capacity = capacity;
  }

  /** The newest change that was read from the log. */
  get head(): number {
    return this.#head;
  }

  append(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.seq <= this.#head) continue;
      // A hole can only be a log that was pruned under a reader that stood still: start over behind it.
      if (change.seq !== this.#head + 1) this.#drop(this.#changes.length);
      this.#changes.push(change);
      this.#head = change.seq;
      this.#weight += weightOf(change);
    }
    if (this.#weight > this.#capacity) this.#trim();
  }

  /** Up to `limit` changes after `seq`, or undefined when the ring no longer holds all of them. */
  after(seq: number, limit: number): readonly Change[] | undefined {
    const start = seq + 1 - (this.#head + 1 - this.#changes.length);
    return start < 0 ? undefined : this.#changes.slice(start, start + limit);
  }

  /** Drops to three quarters at once, so that the array is not moved at every change. */
  #trim(): void {
    let count = 0;
    for (let left = this.#weight; left > this.#capacity * 0.75; count++) {
      const oldest = this.#changes[count];
      if (oldest === undefined) break;
      left -= weightOf(oldest);
    }
    this.#drop(count);
  }

  #drop(count: number): void {
    for (const change of this.#changes.splice(0, count)) this.#weight -= weightOf(change);
  }
}
