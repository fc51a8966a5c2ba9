import { CustomerCache } from '../customer/cache.ts';
import type { IdentityScope } from '../identity/identity.ts';
import { IdentityMemo } from '../identity/memo.ts';
import type { Registry } from '../registry/registry.ts';
import type { Done, Work } from './batch.ts';
import type { Entry } from './queue.ts';
import { Turns } from './turns.ts';

/** What waits for one writer. */
export interface Lane {
  readonly waiting: Entry[];
  running: boolean;
}

const mostLinks = 100_000;

/** One workspace's way through this process: a lane for each writer, and what they remember between batches. */
export class Road {
  readonly lanes: readonly Lane[];
  readonly identities: IdentityMemo;
  readonly cache = new CustomerCache();
  readonly turns = new Turns();
  /** Links known to be live. */
  readonly liveLinks = new Set<string>();
  /** Whether the last batch held events that were stored before. Those come in rows: a file imported again, a queue replayed. */
  duplicates = false;

  constructor(registry: Registry, scope: IdentityScope, writers: number) {
    this.lanes = Array.from({ length: writers }, () => ({ waiting: [], running: false }));
    this.identities = new IdentityMemo(registry, scope);
  }

  /** Takes in what a batch that has committed made of its customers. */
  learn(work: Work, done: Done): void {
    this.duplicates = done.customerOf.size < work.events.length;
    if (this.liveLinks.size > mostLinks) this.liveLinks.clear();
    for (const key of done.liveLinks) this.liveLinks.add(key);
    this.cache.put(done.customers, done.rules);
    // Each under its own owner: a telephone held for review came with this event and belongs to somebody else.
    for (const { identities } of done.customerOf.keys()) for (const { id } of identities) this.cache.remember(id, done.ownerOf(id));
    for (const { absorbed, survivor } of done.merges) for (const id of absorbed) this.cache.remember(id, survivor);
  }

  /** Forgets what a change of rules or links may have made untrue. */
  forget(): void {
    this.liveLinks.clear();
    this.cache.clear();
  }
}
