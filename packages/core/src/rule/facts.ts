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
  /** As last stored under its measure's key, while nothing has been counted in since. */
  json: string | undefined;
}

export const emptyTally = (): Tally => ({ count: 0, sum: 0, first: 0, last: 0, times: [], amounts: [], json: undefined });

/**
 * Counts one event in. Events may come late: the list stays in order of time. One that is older than what is remembered
 * stays forgotten with its neighbours: in front of the list it would pass for the first of an unbroken row.
 */
export function tallyEvent(tally: Tally, measure: Measure, event: { at: number; properties: unknown }): void {
  if (!measure.counts(event.properties)) return;
  tally.json = undefined;
  const amount = measure.amount(event.properties);
  const forgotten = tally.times.length < tally.count && event.at < (tally.times[0] ?? Number.POSITIVE_INFINITY);
  tally.first = tally.count === 0 ? event.at : Math.min(tally.first, event.at);
  tally.last = tally.count === 0 ? event.at : Math.max(tally.last, event.at);
  tally.count += 1;
  tally.sum += amount;
  if (measure.remember === 0 || forgotten) return;
  let place = tally.times.length;
  while (place > 0 && (tally.times[place - 1] ?? 0) > event.at) place -= 1;
  tally.times.splice(place, 0, event.at);
  tally.amounts.splice(place, 0, amount);
}

/** Whether every event later than `since` is remembered. */
export const covers = (tally: Tally, since: number): boolean =>
  tally.times.length === tally.count || (tally.times[0] ?? Number.POSITIVE_INFINITY) <= since;

/** What is later than `since`: how many, how much, and the place of the first. */
export function laterThan({ times, amounts }: Tally, since: number): { start: number; count: number; sum: number } {
  let start = times.length;
  let sum = 0;
  while (start > 0 && (times[start - 1] ?? 0) > since) {
    start -= 1;
    sum += amounts[start] ?? 0;
  }
  return { start, count: times.length - start, sum };
}

/**
 * Takes over what was read from the events: all that are later than `since`, oldest first, behind the newest of those before.
 * Where there is none before, they are all there are: told otherwise, whoever asks would be sent to read the same for ever.
 */
export function recall(tally: Tally, { times, amounts }: Pick<Tally, 'times' | 'amounts'>, since: number): void {
  tally.times = times;
  tally.amounts = amounts;
  tally.json = undefined;
  if (!covers(tally, since)) tally.count = times.length;
}

/** Drops what no rule needs remembered. Never between reading it from the events and its evaluation. */
export function forget({ times, amounts }: Tally, { remember }: Pick<Measure, 'remember'>): void {
  const excess = times.length - remember;
  if (excess <= 0) return;
  times.splice(0, excess);
  amounts.splice(0, excess);
}

/** As stored: short arrays, each time as its distance from the one before, because this travels with every change of a customer. */
export type StoredTally = [count: number, sum: number, first: number, last: number, steps: number[], amounts: number[]];

/** What is kept of a tally: the newest events only. Done when storing, never between reading them from the events and their evaluation. */
export function storeTally(
  { count, sum, first, last, times, amounts }: Tally,
  { remember, of }: Pick<Measure, 'remember' | 'of'>,
): StoredTally {
  const start = Math.max(0, times.length - remember);
  const steps: number[] = [];
  let before = 0;
  for (let place = start; place < times.length; place += 1) {
    const at = times[place] ?? 0;
    steps.push(at - before);
    before = at;
  }
  return [count, sum, first, last, steps, of === undefined ? [] : amounts.slice(start)];
}

/**
 * Key and JSON of `storeTally`, worked out anew only where something was counted in: most events touch few of a customer's measures.
 * What the row no longer holds is forgotten here, too.
 */
export function tallyJson(tally: Tally, measure: Pick<Measure, 'key' | 'remember' | 'of'>): string {
  if (tally.json === undefined) {
    forget(tally, measure);
    tally.json = `"${measure.key}":${JSON.stringify(storeTally(tally, measure))}`;
  }
  return tally.json;
}

export function readTally([count, sum, first, last, steps, amounts]: StoredTally): Tally {
  const times: number[] = [];
  let at = 0;
  for (const step of steps) {
    at += step;
    times.push(at);
  }
  return { count, sum, first, last, times, amounts: amounts.length === times.length ? amounts : times.map(() => 0), json: undefined };
}
