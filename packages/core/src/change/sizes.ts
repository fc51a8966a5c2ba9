import type { Workspace } from '../access/workspace.ts';
import type { Change } from './change.ts';
import type { Feed } from './feed.ts';
import { ended, type Pages } from './follower.ts';
import { type SegmentRef, segmentOf, sizeOf } from './snapshot.ts';

/** How many are in a segment, true at `seq`. */
export interface Size {
  readonly seq: number;
  readonly at: Date;
  readonly size: number;
}

/** The size now, then once per page in which it was touched: counted once, kept from there by the transitions. */
export async function followSize(feed: Feed, workspace: Workspace, key: string): Promise<Pages<Size>> {
  const segment = await segmentOf(feed.database, workspace.id, key);
  const { seq, size } = await sizeOf(feed.database, segment);
  const stream = await feed.follow(workspace.id, { after: seq, filter: { segmentId: segment.id, kinds: ['ENTERED', 'LEFT', 'SEGMENT'] } });
  return new SizePages({ feed, segment, stream }, { seq, at: new Date(), size });
}

interface SizeSource {
  readonly feed: Feed;
  readonly segment: SegmentRef;
  readonly stream: Pages<Change>;
}

class SizePages implements Pages<Size> {
  readonly #source: SizeSource;
  #current: Size;
  #begun = false;

  constructor(source: SizeSource, first: Size) {
    this.#source = source;
    this.#current = first;
  }

  get position(): number {
    return this.#source.stream.position;
  }

  async next(): Promise<IteratorResult<readonly Size[], undefined>> {
    if (!this.#begun) {
      this.#begun = true;
      return { value: [this.#current] };
    }
    const page = await this.#source.stream.next();
    if (page.done) return ended;
    this.#current = await this.#after(page.value);
    return { value: [this.#current] };
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    return this.#source.stream.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #after(changes: readonly Change[]): Promise<Size> {
    // A new rule may move members in bulk: counting again is exact whatever its rows say.
    const last = changes.at(-1);
    if (changes.some(({ kind }) => kind === 'SEGMENT'))
      return { ...(await sizeOf(this.#source.feed.database, this.#source.segment)), at: last?.at ?? new Date() };
    // A count may be younger than the page it was asked for.
    const newer = changes.filter(({ seq }) => seq > this.#current.seq);
    const entered = newer.filter(({ kind }) => kind === 'ENTERED').length;
    return {
      seq: Math.max(last?.seq ?? 0, this.#current.seq),
      at: last?.at ?? this.#current.at,
      size: this.#current.size + 2 * entered - newer.length,
    };
  }
}
