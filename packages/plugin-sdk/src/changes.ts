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
  /** The longest stretch the partner answers for, in days; after a longer pause several are read. Default: no limit. */
  readonly longestDays?: number;
  /** The kinds of things, read one after the other. */
  readonly parts: readonly [TPart, ...TPart[]];
  /** Answers whether there are more pages. Throw `ComeBackLater` where the partner says when. */
  readonly read: (stretch: Stretch<TPart>, desk: Desk) => Promise<{ readonly drafts: readonly Draft[]; readonly more: boolean }>;
}

/** Clocks differ and a change becomes visible after its time: the last minutes are read again, and are duplicates. */
const overlapMs = 5 * 60_000;
/** How far back the very first look goes. */
const dayMs = 24 * 60 * 60_000;
const firstMs = dayMs;

/** Page 0: the stretch has been read to its end. */
const cursorShape = z.object({ from: z.iso.datetime(), to: z.iso.datetime(), part: z.int(), page: z.int() });
type Cursor = z.output<typeof cursorShape>;

/**
 * Declares a poll of a partner that can be asked what changed in a stretch of time: what its webhooks did not bring is caught up
 * with. A stretch keeps its end while its pages are read, because what changes meanwhile would push others onto pages already read.
 */
export function pollChanges<TPart extends string>({ parts, longestDays, read, ...spec }: ChangesSpec<TPart>): PollSource {
  return poll({
    ...spec,
    cursor: cursorShape,
    read: async (cursor: Cursor | undefined, desk) => {
      const now = desk.now();
      const at = begin(cursor, { now, longestDays });
      const part = parts[at.part] ?? parts[0];
      const { drafts, more } = await read({ part, from: new Date(at.from), to: new Date(at.to), page: at.page }, desk);
      return { drafts, ...next(at, { more, parts: parts.length, now }) };
    },
  });
}

function begin(
  cursor: Cursor | undefined,
  { now, longestDays = Number.POSITIVE_INFINITY }: { now: Date; longestDays: number | undefined },
): Cursor {
  if (cursor !== undefined && cursor.page > 0) return cursor;
  const from = cursor === undefined ? now.getTime() - firstMs : Date.parse(cursor.to) - overlapMs;
  const to = Math.min(now.getTime(), from + longestDays * dayMs);
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), part: 0, page: 1 };
}

function next(at: Cursor, { more, parts, now }: { more: boolean; parts: number; now: Date }): { cursor: Cursor; more: boolean } {
  if (more) return { cursor: { ...at, page: at.page + 1 }, more: true };
  if (at.part + 1 < parts) return { cursor: { ...at, part: at.part + 1, page: 1 }, more: true };
  // A stretch that ends a day ago was cut short by what the partner answers for: the next one is due at once.
  return { cursor: { ...at, part: 0, page: 0 }, more: now.getTime() - Date.parse(at.to) > dayMs };
}
