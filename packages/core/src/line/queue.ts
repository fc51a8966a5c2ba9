import type { CustomerCache } from '../customer/cache.ts';
import type { Work } from './batch.ts';
import type { Receipt } from './receipt.ts';
import type { AcceptedEvent } from './submission.ts';

/** Something that a batch takes along whole. */
export interface Entry extends Work {
  readonly settle: (receipts: ReadonlyMap<AcceptedEvent, Receipt>) => void;
  readonly fail: (error: unknown) => void;
}

/** Entries for one transaction, with the keys that nobody else touches until it has ended. */
export interface Batch {
  readonly entries: readonly Entry[];
  readonly keys: ReadonlySet<string>;
}

export const sizeOf = ({ events, quarantined, sightings, reassess, notes = [] }: Work): number =>
  events.length + quarantined.length + sightings.length + reassess.length + notes.length;

export const workOf = (entries: readonly Entry[]): Work => ({
  events: entries.flatMap(({ events }) => events),
  quarantined: entries.flatMap(({ quarantined }) => quarantined),
  sightings: entries.flatMap(({ sightings }) => sightings),
  reassess: entries.flatMap(({ reassess }) => reassess),
  notes: entries.flatMap(({ notes = [] }) => notes),
});

/** How many batches' worth of entries are looked through for those that may go: one busy person's thousands must not be read again for every batch. */
const reach = 8;

/**
 * What waits in one process for one workspace. A batch takes from the front what is about nobody that another batch is
 * working on, so batches never wait for each other with locks in hand, nor do their work twice. What is about the same
 * person keeps its order.
 */
export class Queue {
  #waiting: Entry[] = [];
  readonly #held = new Set<string>();
  readonly #keys: string[] = [];
  readonly #cache: Pick<CustomerCache, 'customerOf'>;

  constructor(cache: Pick<CustomerCache, 'customerOf'>) {
    this.#cache = cache;
  }

  push(entries: readonly Entry[]): void {
    for (const entry of entries) this.#waiting.push(entry);
  }

  /** Takes entries until a batch is full. `undefined` where nothing may go now, or soon more may go together. */
  take(size: number): Batch | undefined {
    const entries: Entry[] = [];
    const keys = new Set<string>();
    const passed: Entry[] = [];
    const passedKeys = new Set<string>();
    let total = 0;
    let place = 0;
    for (; place < this.#waiting.length && place < size * reach; place += 1) {
      const entry = this.#waiting[place] as Entry;
      const fits = entries.length === 0 || total + sizeOf(entry) <= size;
      if (!fits) break;
      const own = this.#keysOf(entry);
      if (own.some((key) => this.#held.has(key) || passedKeys.has(key))) {
        passed.push(entry);
        for (const key of own) passedKeys.add(key);
        continue;
      }
      entries.push(entry);
      total += sizeOf(entry);
      for (const key of own) keys.add(key);
    }
    if (entries.length === 0 || this.#isWorthWaiting(passed.length, { total, size })) return undefined;
    this.#waiting = passed.concat(this.#waiting.slice(place));
    for (const key of keys) this.#held.add(key);
    return { entries, keys };
  }

  /** Lets others at the people of a batch that has ended. */
  release({ keys }: Batch): void {
    for (const key of keys) this.#held.delete(key);
  }

  /**
   * Under load a batch costs much the same for few entries as for many: half a batch or less waits for the next one that ends, if
   * that lets go of many more. Where little waits nobody is kept waiting for others.
   */
  #isWorthWaiting(passed: number, { total, size }: { total: number; size: number }): boolean {
    const underLoad = this.#held.size > 0 && this.#waiting.length * 2 > size;
    return underLoad && total * 2 < size && passed * 2 > total;
  }

  /** The customers an entry is about, as far as they are remembered, and the identities that nobody is remembered to hold. Good until asked again. */
  #keysOf({ events, sightings, reassess }: Entry): readonly string[] {
    const keys = this.#keys;
    keys.length = 0;
    for (const { identities } of events) for (const { id } of identities) keys.push(this.#cache.customerOf(id) ?? id);
    for (const { identities } of sightings) for (const { id } of identities) keys.push(this.#cache.customerOf(id) ?? id);
    for (const { customerId } of reassess) keys.push(this.#cache.customerOf(customerId) ?? customerId);
    return keys;
  }
}
