import type { Measure } from './measure.ts';

/**
 * What is remembered of one customer's events for one measure: totals of all time, and of the newest events their
 * time and amount, oldest first, so that windows need no look at the event table.
 */
export interface Tally {
  count: number;
  /** Millionths. */
  sum: number;
  first: number;
  last: number;
  times: number[];
  amounts: number[];
}

/** Remembered per windowed measure. A window that holds more is measured from the events themselves. */
export const remembered = 64;

export const emptyTally = (): Tally => ({ count: 0, sum: 0, first: 0, last: 0, times: [], amounts: [] });

/** Counts one event in. Events may come late: the list stays in order of time. */
export function tallyEvent(tally: Tally, measure: Measure, event: { at: number; properties: unknown }): void {
  if (!measure.counts(event.properties)) return;
  const amount = measure.amount(event.properties);
  tally.first = tally.count === 0 ? event.at : Math.min(tally.first, event.at);
  tally.last = tally.count === 0 ? event.at : Math.max(tally.last, event.at);
  tally.count += 1;
  tally.sum += amount;
  if (!measure.windowed) return;
  let place = tally.times.length;
  while (place > 0 && (tally.times[place - 1] ?? 0) > event.at) place -= 1;
  tally.times.splice(place, 0, event.at);
  tally.amounts.splice(place, 0, amount);
}

/** Drops the oldest remembered events beyond the limit. Done when storing, never between evaluation and a complete reload. */
export function trim(tally: Tally): Tally {
  const excess = tally.times.length - remembered;
  if (excess <= 0) return tally;
  return { ...tally, times: tally.times.slice(excess), amounts: tally.amounts.slice(excess) };
}

/** Whether every event later than `since` is remembered. */
export const covers = (tally: Tally, since: number): boolean =>
  tally.times.length === tally.count || (tally.times[0] ?? Number.POSITIVE_INFINITY) <= since;

/** As stored: short arrays, because this travels with every change of a customer. */
export type StoredTally = [count: number, sum: number, first: number, last: number, times: number[], amounts: number[]];

export function storeTally(tally: Tally): StoredTally {
  const { count, sum, first, last, times, amounts } = trim(tally);
  return [count, sum, first, last, times, amounts.some((amount) => amount !== 0) ? amounts : []];
}

export function readTally([count, sum, first, last, times, amounts]: StoredTally): Tally {
  return { count, sum, first, last, times, amounts: amounts.length === times.length ? amounts : times.map(() => 0) };
}
