import type { ConsentRule, EventRule, Rule, TraitRule } from '@enishi/plugin-sdk';
import { consentKey } from '../consent-key.ts';
import { comparator } from './compare.ts';
import type { LiveTrait } from './computed.ts';
import { milliseconds } from './duration.ts';
import { covers, emptyTally, laterThan, type Tally } from './facts.ts';
import { type Measure, measureOf, millionths, mostRemembered } from './measure.ts';

/** A customer as rules see it. */
export interface View {
  readonly trait: (name: string) => unknown;
  readonly consent: (key: string) => string | undefined;
  readonly holds: (namespace: string) => boolean;
  readonly tally: (measure: Measure) => Tally | undefined;
}

export interface Verdict {
  readonly matches: boolean;
  /** The instant (ms) at which the answer may change by time alone; `Infinity` where it cannot. Never later than the real change. */
  readonly changesAt: number;
}

/** Remembered events do not reach back far enough: the caller reads those the measure counts that are later than `since`, and asks again. */
export class NeedsHistory extends Error {
  override readonly name = 'NeedsHistory';
  readonly measure: Measure;
  readonly since: number;

  constructor(measure: Measure, since: number) {
    super(`the events of ${measure.type} are not remembered far enough back`);
    this.measure = measure;
    this.since = since;
  }
}

export type Evaluator = (view: View, now: number) => Verdict;

const never = Number.POSITIVE_INFINITY;
const nothing = emptyTally();

/** What the rules of a workspace have in common. */
export interface Common {
  /** Measures go through it, so that rules asking the same thing share one. */
  readonly share: (measure: Measure) => Measure;
  /** The computed traits, by name. */
  readonly computed: ReadonlyMap<string, LiveTrait>;
}

/** Turns a rule into a function of a customer and a time. */
export function compileEvaluator(rule: Rule, common: Common): Evaluator {
  if ('all' in rule) {
    const parts = rule.all.map((part) => compileEvaluator(part, common));
    return (view, now) => combine(parts, { view, now, stop: false });
  }
  if ('any' in rule) {
    const parts = rule.any.map((part) => compileEvaluator(part, common));
    return (view, now) => combine(parts, { view, now, stop: true });
  }
  if ('not' in rule) {
    const part = compileEvaluator(rule.not, common);
    return (view, now) => {
      const { matches, changesAt } = part(view, now);
      return { matches: !matches, changesAt };
    };
  }
  if ('trait' in rule) return traitEvaluator(rule, common.computed.get(rule.trait));
  if ('event' in rule) return eventEvaluator(rule, common.share(measureOf(rule)));
  if ('identity' in rule) return (view) => ({ matches: view.holds(rule.identity), changesAt: never });
  return consentEvaluator(rule);
}

interface Walk {
  readonly view: View;
  readonly now: number;
  /** The answer of one part that settles the whole. */
  readonly stop: boolean;
}

/** Every part is asked, also behind a settled one: the whole can change when any of them does. */
function combine(parts: readonly Evaluator[], { view, now, stop }: Walk): Verdict {
  let matches = !stop;
  let changesAt = never;
  for (const part of parts) {
    const verdict = part(view, now);
    if (verdict.matches === stop) matches = stop;
    if (verdict.changesAt < changesAt) changesAt = verdict.changesAt;
  }
  return { matches, changesAt };
}

/** A computed trait is worked out for the instant it is asked for: the one on the customer's row may be about to change. */
function traitEvaluator({ trait, ...comparison }: TraitRule, computed: LiveTrait | undefined): Evaluator {
  const test = comparator(comparison);
  return (view, now) => {
    const { value, changesAt } = computed?.compute(view, now) ?? { value: view.trait(trait), changesAt: never };
    return { matches: test(value === undefined ? [] : [value]), changesAt };
  };
}

function consentEvaluator({ consent, is }: ConsentRule): Evaluator {
  const key = consentKey(consent);
  return (view) => ({ matches: (view.consent(key) ?? 'NONE') === is, changesAt: never });
}

export type Range = NonNullable<EventRule['count']>;

const within = (value: number, { atLeast, moreThan, atMost, lessThan, equals }: Range): boolean =>
  (atLeast === undefined || value >= atLeast) &&
  (moreThan === undefined || value > moreThan) &&
  (atMost === undefined || value <= atMost) &&
  (lessThan === undefined || value < lessThan) &&
  (equals === undefined || value === equals);

function eventEvaluator(rule: EventRule, measure: Measure): Evaluator {
  const tallyOf = (view: View): Tally => view.tally(measure) ?? nothing;
  if (rule.last !== undefined) return ageEvaluator(rule.last, (view) => tallyOf(view), 'last');
  if (rule.first !== undefined) return ageEvaluator(rule.first, (view) => tallyOf(view), 'first');
  const range: Range = rule.never ? { equals: 0 } : rule.sum === undefined ? (rule.count ?? { atLeast: 1 }) : sumRange(rule.sum);
  const pick = rule.sum === undefined ? (count: number, _sum: number) => count : (_count: number, sum: number) => sum;
  if (rule.within === undefined) {
    return (view) => {
      const tally = tallyOf(view);
      return { matches: within(pick(tally.count, tally.sum), range), changesAt: never };
    };
  }
  // A count up to what is remembered needs no more than the newest; anything else must know every event in the window.
  const counted = rule.sum === undefined && measureOf(rule).remember < mostRemembered;
  if (typeof rule.within === 'string') return slidingEvaluator({ length: milliseconds(rule.within), counted, range, pick, measure });
  const from = rule.within.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(rule.within.from);
  const to = rule.within.to === undefined ? never : Date.parse(rule.within.to);
  return (view) => {
    const tally = tallyOf(view);
    // The window begins with `from` itself, and of several events at one instant some may be forgotten.
    if (!covers(tally, from - 1)) throw new NeedsHistory(measure, from - 1);
    let count = 0;
    let sum = 0;
    for (let place = 0; place < tally.times.length; place += 1) {
      const at = tally.times[place] ?? 0;
      if (at < from || at >= to) continue;
      count += 1;
      sum += tally.amounts[place] ?? 0;
    }
    return { matches: within(pick(count, sum), range), changesAt: never };
  };
}

/** Bounds of a sum, in the millionths that sums are kept in. */
export const sumRange = ({ of: _, ...range }: NonNullable<EventRule['sum']>): Range =>
  Object.fromEntries(Object.entries(range).map(([bound, value]) => [bound, millionths(value)]));

interface Sliding {
  readonly length: number;
  readonly counted: boolean;
  readonly range: Range;
  readonly pick: (count: number, sum: number) => number;
  readonly measure: Measure;
}

/** An event is inside the window while `now - length < at`; it leaves at exactly `at + length`. */
function slidingEvaluator({ length, counted, range, pick, measure }: Sliding): Evaluator {
  return (view, now) => {
    const tally = view.tally(measure) ?? nothing;
    if (!counted && !covers(tally, now - length)) throw new NeedsHistory(measure, now - length);
    const inside = laterThan(tally, now - length);
    let { count, sum } = inside;
    const matches = within(pick(count, sum), range);
    for (let place = inside.start; place < tally.times.length; place += 1) {
      count -= 1;
      sum -= tally.amounts[place] ?? 0;
      const leaves = (tally.times[place] ?? 0) + length;
      if (tally.times[place + 1] === tally.times[place]) continue;
      if (within(pick(count, sum), range) !== matches) return { matches, changesAt: leaves };
    }
    return { matches, changesAt: never };
  };
}

/** How long ago the first or last event was. Nobody without one is either young or old. */
function ageEvaluator(age: NonNullable<EventRule['last']>, tallyOf: (view: View) => Tally, which: 'first' | 'last'): Evaluator {
  const length = milliseconds(age.within ?? age.olderThan ?? 'PT0S');
  const young = age.within !== undefined;
  return (view, now) => {
    const tally = tallyOf(view);
    if (tally.count === 0) return { matches: false, changesAt: never };
    const turns = tally[which] + length;
    return { matches: now < turns === young, changesAt: now < turns ? turns : never };
  };
}
