import type { Computation } from '@enishi/plugin-sdk';
import { milliseconds } from './duration.ts';
import { type Common, NeedsHistory, type View } from './evaluate.ts';
import { covers, emptyTally, laterThan, type Tally } from './facts.ts';
import { measuring, mostRemembered } from './measure.ts';

/** What a computed trait is at an instant. */
export interface Computed {
  /** Nothing where it is the time of an event that never was. */
  readonly value: number | string | undefined;
  /** The event, or the end of one in the window, since which it is so (ms). Nothing where no event counts. */
  readonly since: number | undefined;
  /** The instant (ms) at which it may change by time alone; `Infinity` where it cannot. */
  readonly changesAt: number;
}

/** A computed trait that is kept live. */
export interface LiveTrait {
  readonly name: string;
  /** The type of the events it is computed from. */
  readonly event: string;
  readonly compute: (view: View, now: number) => Computed;
}

export interface TraitDefinition {
  readonly name: string;
  readonly computation: Computation;
  /** The version of the workspace's rules at which it came. */
  readonly since: number;
}

const never = Number.POSITIVE_INFINITY;
const nothing = emptyTally();
const iso = (at: number): string => new Date(at).toISOString();

/** Turns the definition of a computed trait into a function of a customer and a time. */
export function compileTrait({ name, computation }: TraitDefinition, share: Common['share']): LiveTrait {
  const { event, where = [], within, sum, first, last } = computation;
  const measure = share(measuring({ event, where, of: sum, remember: within === undefined ? 0 : mostRemembered }));
  const pick = ({ count, sum: millionths }: Pick<Tally, 'count' | 'sum'>): number => (sum === undefined ? count : millionths / 1_000_000);
  const from = (worth: (tally: Tally, now: number) => Computed): LiveTrait => ({
    name,
    event,
    compute: (view, now) => worth(view.tally(measure) ?? nothing, now),
  });
  if (first !== undefined) return from((tally) => moment(tally, tally.first));
  if (last !== undefined) return from((tally) => moment(tally, tally.last));
  if (within === undefined) return from((tally) => ({ value: pick(tally), since: lastOf(tally), changesAt: never }));
  const length = milliseconds(within);
  return from((tally, now) => {
    if (!covers(tally, now - length)) throw new NeedsHistory(measure, now - length);
    const inside = laterThan(tally, now - length);
    const left = tally.times[inside.start - 1];
    const since = left === undefined ? lastOf(tally) : Math.max(tally.last, left + length);
    return { value: pick(inside), since, changesAt: (tally.times[inside.start] ?? never) + length };
  });
}

const lastOf = ({ count, last }: Tally): number | undefined => (count === 0 ? undefined : last);
const moment = ({ count }: Tally, at: number): Computed =>
  count === 0 ? { value: undefined, since: undefined, changesAt: never } : { value: iso(at), since: at, changesAt: never };
