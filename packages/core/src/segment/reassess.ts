import type { CustomerState } from '../customer/customer.ts';
import { NeedsHistory, type View } from '../rule/evaluate.ts';
import type { LiveSegment } from '../rule/ruleset.ts';
import type { Cause, Transition } from './transition.ts';

export interface Reassessment {
  readonly segments: Iterable<readonly [LiveSegment, Cause]>;
  readonly now: Date;
  /** Every timed segment is among them, so the armed timer is worked out anew instead of only being brought forward. */
  readonly wholly: boolean;
}

export const viewOf = (customer: CustomerState): View => ({
  trait: (name) => customer.traits[name]?.v,
  consent: (key) => customer.consents[key]?.state,
  holds: (namespace) => (customer.spaces[namespace] ?? 0) > 0,
  tally: (measure) => customer.tallies[measure.key],
});

/**
 * Asks some segments again about one customer and notes what changed on it. Answers the transitions, or `undefined` where
 * the remembered events do not reach back far enough; nothing is changed then.
 */
export function reassess(customer: CustomerState, { segments, now, wholly }: Reassessment): Transition[] | undefined {
  const view = viewOf(customer);
  const transitions: Transition[] = [];
  let changesAt = Number.POSITIVE_INFINITY;
  try {
    for (const [segment, cause] of segments) {
      const verdict = segment.evaluate(view, now.getTime());
      changesAt = Math.min(changesAt, verdict.changesAt);
      if (verdict.matches === customer.segments.includes(segment.id)) continue;
      transitions.push({ segmentId: segment.id, customerId: customer.id, change: verdict.matches ? 'ENTERED' : 'LEFT', at: now, cause });
    }
  } catch (error) {
    if (error instanceof NeedsHistory) return undefined;
    throw error;
  }
  if (transitions.length > 0) customer.segments = segmentsAfter(customer.segments, transitions);
  const armed = wholly ? Number.POSITIVE_INFINITY : (customer.due ?? Number.POSITIVE_INFINITY);
  const due = Math.min(armed, changesAt);
  customer.due = Number.isFinite(due) ? due : undefined;
  return transitions;
}

function segmentsAfter(before: readonly number[], transitions: readonly Transition[]): number[] {
  const left = new Set(transitions.filter(({ change }) => change === 'LEFT').map(({ segmentId }) => segmentId));
  const entered = transitions.filter(({ change }) => change === 'ENTERED').map(({ segmentId }) => segmentId);
  return [...before.filter((id) => !left.has(id)), ...entered].sort((one, other) => one - other);
}
