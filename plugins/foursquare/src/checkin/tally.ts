import type { TraitValue } from '@enishi/plugin-sdk';
import { interestIds, interests } from '../traits.ts';
import type { SentCheckin } from './checkin.ts';

/** How often somebody was at which kind of place: name and count by category id. */
export type Counts = Readonly<Record<string, readonly [name: string, count: number]>>;

/** What is remembered of an account's check-ins. */
export interface Tally {
  readonly counts: Counts;
  /** Ids of the latest that were counted: a call that Foursquare repeats does not count again. */
  readonly seen: readonly string[];
  /** Unix seconds: everything up to here is counted by reading the history instead. */
  readonly since?: number;
  /** The history that was counted in, by the second it began. */
  readonly read?: number;
}

export const emptyTally: Tally = { counts: {}, seen: [] };

const mostSeen = 100;
/** As many kinds as fit into what is remembered; the rare ones give way. */
const mostKinds = 300;

/** Counts one in. The main category alone: a café in a bookshop is visited once. */
export function count(tally: Tally, sent: SentCheckin): Tally {
  if (tally.seen.includes(sent.id) || sent.createdAt <= (tally.since ?? Number.NEGATIVE_INFINITY)) return tally;
  return { ...tally, counts: added(tally.counts, countsOf([sent])), seen: [...tally.seen, sent.id].slice(-mostSeen) };
}

export function countsOf(all: readonly SentCheckin[]): Counts {
  const counts: Record<string, [string, number]> = {};
  for (const { venue } of all) {
    const main = venue?.categories.find(({ primary }) => primary === true) ?? venue?.categories[0];
    if (main === undefined) continue;
    const before = Object.hasOwn(counts, main.id) ? (counts[main.id]?.[1] ?? 0) : 0;
    counts[main.id] = [main.name ?? main.id, before + 1];
  }
  return counts;
}

/** Both together; of two names for one kind the second is the newer. */
export function added(one: Counts, other: Counts): Counts {
  const sum = { ...one };
  for (const [id, [name, number]] of Object.entries(other)) sum[id] = [name, number + (Object.hasOwn(sum, id) ? (sum[id]?.[1] ?? 0) : 0)];
  return Object.fromEntries(
    ranked(sum)
      .slice(0, mostKinds)
      .map(({ id, name, count: number }) => [id, [name, number] as const]),
  );
}

/** The most frequent first; of equals the lower id, so that the order never jumps. */
export const ranked = (counts: Counts): { id: string; name: string; count: number }[] =>
  Object.entries(counts)
    .map(([id, [name, number]]) => ({ id, name, count: number }))
    .sort((left, right) => right.count - left.count || (left.id < right.id ? -1 : 1));

/** What the counts say about somebody. */
export function interestsOf(counts: Counts, most: number): TraitValue[] {
  const top = ranked(counts).slice(0, most);
  return top.length === 0 ? [] : [interests(top.map(({ name }) => name)), interestIds(top.map(({ id }) => id))];
}
