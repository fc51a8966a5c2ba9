import type { ComputedFact, CustomerState } from '../customer/customer.ts';
import { withComputed } from '../customer/traits.ts';
import type { Computed, LiveTrait } from '../rule/computed.ts';
import { NeedsHistory, type View } from '../rule/evaluate.ts';
import type { Tally } from '../rule/facts.ts';
import type { Measure } from '../rule/measure.ts';
import type { Live, LiveSegment } from '../rule/ruleset.ts';
import type { Cause, Transition } from './transition.ts';

export interface Reassessment {
  readonly asked: readonly Live[];
  readonly causeOf: (segment: LiveSegment) => Cause;
  readonly now: Date;
  /** Everything timed is among them, so the armed timer is worked out anew instead of only being brought forward. */
  readonly wholly: boolean;
}

/** A customer as rules see it. Made for every customer of every batch, so no closures. */
export class CustomerView implements View {
  readonly #customer: CustomerState;

  constructor(customer: CustomerState) {
    this.#customer = customer;
  }

  trait(name: string): unknown {
    return this.#customer.traits[name]?.v;
  }

  consent(key: string): string | undefined {
    return this.#customer.consents[key]?.state;
  }

  holds(namespace: string): boolean {
    return (this.#customer.spaces[namespace] ?? 0) > 0;
  }

  tally(measure: Measure): Tally | undefined {
    return this.#customer.tallies[measure.key];
  }
}

export interface Assessment {
  readonly transitions: readonly Transition[];
  /** Where the remembered events do not reach back far enough. Nothing is changed then. */
  readonly missing: readonly Pick<NeedsHistory, 'measure' | 'since'>[];
}

/** Asks some segments again about one customer, computes some traits again, and notes what changed on it. */
export function reassess(customer: CustomerState, { asked, causeOf, now, wholly }: Reassessment): Assessment {
  const view = new CustomerView(customer);
  const transitions: Transition[] = [];
  const missing: NeedsHistory[] = [];
  let computed: Map<string, ComputedFact | undefined> | undefined;
  let changesAt = Number.POSITIVE_INFINITY;
  for (const one of asked) {
    try {
      if ('compute' in one) {
        const worth = one.compute(view, now.getTime());
        changesAt = Math.min(changesAt, worth.changesAt);
        computed ??= new Map();
        computed.set(one.name, factOf(one, worth, customer));
      } else {
        const verdict = one.evaluate(view, now.getTime());
        changesAt = Math.min(changesAt, verdict.changesAt);
        if (verdict.matches === customer.segments.includes(one.id)) continue;
        const change = verdict.matches ? 'ENTERED' : 'LEFT';
        transitions.push({ segmentId: one.id, customerId: customer.id, change, at: now, cause: causeOf(one) });
      }
    } catch (error) {
      if (!(error instanceof NeedsHistory)) throw error;
      missing.push(error);
    }
  }
  if (missing.length > 0) return { transitions: [], missing };
  if (computed !== undefined) keepComputed(customer, computed);
  if (transitions.length > 0) customer.segments = segmentsAfter(customer.segments, transitions);
  const armed = wholly ? Number.POSITIVE_INFINITY : (customer.due ?? Number.POSITIVE_INFINITY);
  const due = Math.min(armed, changesAt);
  customer.due = Number.isFinite(due) ? due : undefined;
  return { transitions, missing };
}

function factOf({ event }: LiveTrait, { value, since }: Computed, { createdAt }: CustomerState): ComputedFact | undefined {
  return value === undefined ? undefined : { v: value, t: new Date(since ?? createdAt).toISOString(), c: event };
}

function keepComputed(customer: CustomerState, computed: ReadonlyMap<string, ComputedFact | undefined>): void {
  const traits = withComputed(customer.traits, computed);
  if (traits !== customer.traits) customer.traits = traits;
}

function segmentsAfter(before: readonly number[], transitions: readonly Transition[]): number[] {
  const left = new Set(transitions.filter(({ change }) => change === 'LEFT').map(({ segmentId }) => segmentId));
  const entered = transitions.filter(({ change }) => change === 'ENTERED').map(({ segmentId }) => segmentId);
  return [...before.filter((id) => !left.has(id)), ...entered].sort((one, other) => one - other);
}
