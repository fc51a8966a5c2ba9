import type { Workspace } from '../access/workspace.ts';
import { InvalidCursor } from '../errors.ts';
import type { Cause, Change, ChangeFilter } from './change.ts';
import { decodeCursor, type Position } from './cursor.ts';
import type { Feed } from './feed.ts';
import { ended, type Pages } from './follower.ts';
import { changesAfter } from './log.ts';
import { type SegmentRef, segmentOf, snapshotOf } from './snapshot.ts';

/** One customer entering or leaving a segment, or being in it when a snapshot was taken. */
export interface Transition {
  readonly seq: number;
  readonly at: Date;
  readonly change: 'ENTERED' | 'LEFT';
  readonly segmentKey: string;
  readonly customerId: string;
  readonly cause: Cause | { readonly kind: 'SNAPSHOT' } | null;
  /** Where to go on after this one. */
  readonly place: Position;
}

export interface TransitionOptions {
  readonly segment: string;
  /** A cursor of this workspace: everything after it. */
  readonly after?: string;
  /** First the members as they are. With `after` the cursor decides: amid a snapshot it is finished, else none is taken. */
  readonly snapshot?: boolean;
}

/** Pages of transitions of one segment. */
export interface Transitions extends Pages<Transition> {
  /** The snapshot, if one was asked for, has been handed out. */
  readonly settled: boolean;
}

const pageSize = 500;

/** I7: every transition after the cursor, or after the state the snapshot shows, exactly once and in order. */
export async function followTransitions(feed: Feed, workspace: Workspace, options: TransitionOptions): Promise<Transitions> {
  const segment = await segmentOf(feed.database, workspace.id, options.segment);
  const from = options.after === undefined ? undefined : decodeCursor(workspace, options.after);
  if (from?.snapshot && from.snapshot.segmentId !== segment.id) throw new InvalidCursor('it lies in the snapshot of another segment');
  const filter: ChangeFilter = { segmentId: segment.id, kinds: ['ENTERED', 'LEFT'] };
  if (from ? from.snapshot === undefined : !options.snapshot)
    return new TransitionPages(segment, await feed.follow(workspace.id, { filter, ...(from && { after: from.seq }) }));
  const opening = await open(feed, segment, from);
  return new TransitionPages(segment, await feed.follow(workspace.id, { filter, after: opening.seq }), opening.pages);
}

interface Opening {
  readonly seq: number;
  readonly pages: AsyncGenerator<OpeningPage, undefined>;
}

interface OpeningPage {
  readonly transitions: readonly Transition[];
  /** Nothing but the stream comes after it. */
  readonly last: boolean;
}

/**
 * A snapshot, or the rest of one that broke off. Its members up to the cursor were handed out as they were then, so what
 * happened to those since is replayed up to the new state; the others are handed out as they are now.
 */
async function open({ database }: Feed, segment: SegmentRef, from?: Position): Promise<Opening> {
  const beyond = from?.snapshot?.customerId;
  const snapshot = await snapshotOf(database, segment, beyond);
  const { seq } = snapshot;
  if (from && from.seq > seq) throw new InvalidCursor('it lies in the future of this log');

  async function* replay(after: number, shown: string): AsyncGenerator<OpeningPage, undefined> {
    const filter: ChangeFilter = { segmentId: segment.id, kinds: ['ENTERED', 'LEFT'] };
    const changes = await changesAfter(database, segment.workspaceId, { after, upTo: seq, limit: pageSize, filter });
    const known = changes.map((change) => transitionOf(segment, change)).filter(({ customerId }) => customerId <= shown);
    const place = (seq: number): Position => ({ seq, snapshot: { segmentId: segment.id, customerId: shown } });
    yield { transitions: known.map((transition) => ({ ...transition, place: place(transition.seq) })), last: false };
    const last = changes.at(-1);
    if (last && changes.length === pageSize) yield* replay(last.seq, shown);
  }

  async function* pages(): AsyncGenerator<OpeningPage, undefined> {
    if (from && beyond !== undefined) yield* replay(from.seq, beyond);
    let page: Transition[] = [];
    let handedOut = 0;
    for (const { customerId, enteredAt: at } of snapshot.members) {
      handedOut += 1;
      const place = handedOut === snapshot.size ? { seq } : { seq, snapshot: { segmentId: segment.id, customerId } };
      page.push({ seq, at, change: 'ENTERED', segmentKey: segment.key, customerId, cause: { kind: 'SNAPSHOT' }, place });
      if (page.length < pageSize) continue;
      yield { transitions: page, last: handedOut === snapshot.size };
      if (handedOut === snapshot.size) return;
      page = [];
    }
    yield { transitions: page, last: true };
  }
  return { seq, pages: pages() };
}

const transitionOf = ({ key }: SegmentRef, { seq, at, kind, customerId, cause }: Change): Transition => {
  if ((kind !== 'ENTERED' && kind !== 'LEFT') || customerId === null) throw new Error(`change ${seq} is not a transition`);
  return { seq, at, change: kind, segmentKey: key, customerId, cause, place: { seq } };
};

class TransitionPages implements Transitions {
  readonly #segment: SegmentRef;
  readonly #stream: Pages<Change>;
  #opening: Opening['pages'] | undefined;

  constructor(segment: SegmentRef, stream: Pages<Change>, opening?: Opening['pages']) {
    this.#segment = segment;
    this.#stream = stream;
    this.#opening = opening;
  }

  get position(): number {
    return this.#stream.position;
  }

  get settled(): boolean {
    return this.#opening === undefined;
  }

  async next(): Promise<IteratorResult<readonly Transition[], undefined>> {
    const opening = await this.#opening?.next();
    if (opening && !opening.done) {
      if (opening.value.last) this.#opening = undefined;
      return { value: opening.value.transitions };
    }
    const page = await this.#stream.next();
    return page.done ? ended : { value: page.value.map((change) => transitionOf(this.#segment, change)) };
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    return this.#stream.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
