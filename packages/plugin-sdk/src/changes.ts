import { z } from 'zod';
import type { Desk } from './desk.ts';
import type { Draft } from './event.ts';
import { type PollSource, poll } from './pages.ts';

/** One page of what changed in a stretch of time. */
export interface Stretch<TPart extends string> {
  /** Which kind of thing, where a partner answers each by itself. */
  readonly part: TPart;
  /** From this instant on, before that one. */
  readonly from: Date;
  readonly to: Date;
  /** 1 and up. */
  readonly page: number;
}

export interface ChangesSpec<TPart extends string> {
  readonly description: string;
  readonly everySeconds: number;
  readonly sameAs?: string;
  /** The kinds of things, read one after the other. */
  readonly parts: readonly [TPart, ...TPart[]];
  /** Answers whether there are more pages. Throw `ComeBackLater` where the partner says when. */
  readonly read: (stretch: Stretch<TPart>, desk: Desk) => Promise<{ readonly drafts: readonly Draft[]; readonly more: boolean }>;
}

/** Clocks differ and a change becomes visible after its time: the last minutes are read again, and are duplicates. */
const overlapMs = 5 * 60_000;
/** How far back the very first look goes. */
const firstMs = 24 * 60 * 60_000;

/** Page 0: the stretch has been read to its end. */
const cursorShape = z.object({ from: z.iso.datetime(), to: z.iso.datetime(), part: z.int(), page: z.int() });
type Cursor = z.output<typeof cursorShape>;

/**
 * Declares a poll of a partner that can be asked what changed in a stretch of time: what its webhooks did not bring is caught up
 * with. A stretch keeps its end while its pages are read, because what changes meanwhile would push others onto pages already read.
 */
export function pollChanges<TPart extends string>({ parts, read, ...spec }: ChangesSpec<TPart>): PollSource {
  return poll({
    ...spec,
    cursor: cursorShape,
    read: async (cursor: Cursor | undefined, desk) => {
      const at = begin(cursor, desk.now());
      const part = parts[at.part] ?? parts[0];
      const { drafts, more } = await read({ part, from: new Date(at.from), to: new Date(at.to), page: at.page }, desk);
      return { drafts, ...next(at, { more, parts: parts.length }) };
    },
  });
}

function begin(cursor: Cursor | undefined, now: Date): Cursor {
  if (cursor !== undefined && cursor.page > 0) return cursor;
  const from = cursor === undefined ? now.getTime() - firstMs : Date.parse(cursor.to) - overlapMs;
  return { from: new Date(from).toISOString(), to: now.toISOString(), part: 0, page: 1 };
}

function next(at: Cursor, { more, parts }: { more: boolean; parts: number }): { cursor: Cursor; more: boolean } {
  if (more) return { cursor: { ...at, page: at.page + 1 }, more: true };
  if (at.part + 1 < parts) return { cursor: { ...at, part: at.part + 1, page: 1 }, more: true };
  return { cursor: { ...at, part: 0, page: 0 }, more: false };
}
