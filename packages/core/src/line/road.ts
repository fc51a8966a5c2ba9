import { CustomerCache } from '../customer/cache.ts';
import type { IdentityScope } from '../identity/identity.ts';
import { IdentityMemo } from '../identity/memo.ts';
import type { Registry } from '../registry/registry.ts';
import type { Done, Work } from './batch.ts';
import { Queue } from './queue.ts';

const mostLinks = 100_000;

/** One workspace's way through this process: what waits, and what is remembered between batches. */
export class Road {
  readonly identities: IdentityMemo;
  readonly cache = new CustomerCache();
  readonly queue = new Queue(this.cache);
  /** Links known to be live. */
  readonly liveLinks = new Set<string>();
  /** Batches under way. */
  running = 0;
  /** Whether the last batch held events that were stored before. Those come in rows: a file imported again, a queue replayed. */
  duplicates = false;
  /** How often a link had been taken back when what is remembered was learnt. */
  #splits = 0;

  constructor(registry: Registry, scope: IdentityScope) {
    this.identities = new IdentityMemo(registry, scope);
  }

  /**
   * Forgets everything where a link was taken back since, by whatever process. No revision guards this: once a customer has been
   * read anew, an identity that was torn from it would still be taken for its own, with its events and withdrawals of consent.
   */
  heed(splits: number): void {
    if (splits <= this.#splits) return;
    this.#splits = splits;
    this.liveLinks.clear();
    this.cache.clear();
  }

  /** Takes in what a batch that has committed made of its customers. */
  learn(work: Work, done: Done): void {
    this.duplicates = done.customerOf.size < work.events.length;
    // Committed before a link was taken back, but heard of only after a later batch: what it knows is forgotten already.
    if (done.splits !== this.#splits) return;
    if (this.liveLinks.size > mostLinks) this.liveLinks.clear();
    for (const key of done.liveLinks) this.liveLinks.add(key);
    this.cache.put(done.customers, done.rules);
    // Each under its own owner: a telephone held for review came with an event of somebody else's.
    for (const id of done.looked) this.cache.remember(id, done.ownerOf(id));
    for (const { absorbed, survivor } of done.merges) for (const id of absorbed) this.cache.remember(id, survivor);
  }
}
