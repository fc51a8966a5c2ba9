import type { Survivorship } from '@enishi/plugin-sdk';
import type { TraitFact } from './customer.ts';

/**
 * Whether a new observation takes the place of the one in force. Decided by the time of the event and then by the
 * event's id, never by arrival, so that every order of arrival ends with the same value.
 */
export function survives(challenger: TraitFact, holder: TraitFact | undefined, survivorship: Survivorship): boolean {
  if (holder === undefined) return true;
  const order = compare(challenger, holder);
  return survivorship === 'newest' ? order > 0 : order < 0;
}

const compare = (left: TraitFact, right: TraitFact): number =>
  left.t === right.t ? (left.e === right.e ? 0 : left.e < right.e ? 1 : -1) : left.t > right.t ? 1 : -1;

/** The fact in force, if there is one: a trait may be called `constructor`, which every object seems to have. */
export const heldTrait = (traits: Readonly<Record<string, TraitFact>>, key: string): TraitFact | undefined =>
  Object.hasOwn(traits, key) ? traits[key] : undefined;
