import type { Survivorship } from '@enishi/plugin-sdk';
import type { ComputedFact, TraitFact, Traits } from './customer.ts';

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
export const heldTrait = <TFact>(traits: Readonly<Record<string, TFact>>, key: string): TFact | undefined =>
  Object.hasOwn(traits, key) ? traits[key] : undefined;

/** The observation in force. Nothing that is observed survives against what is computed, but that is refused at the door. */
export function observedTrait(traits: Traits, key: string): TraitFact | undefined {
  const held = heldTrait(traits, key);
  return held === undefined || 'c' in held ? undefined : held;
}

/** The traits with what was computed in its place; the same object where nothing is different. */
export function withComputed(traits: Traits, computed: ReadonlyMap<string, ComputedFact | undefined>): Traits {
  const changed = [...computed].filter(([name, fact]) => !same(heldTrait(traits, name), fact));
  if (changed.length === 0) return traits;
  return Object.fromEntries(
    Object.entries({ ...traits, ...Object.fromEntries(changed) }).flatMap(([name, fact]) => (fact === undefined ? [] : [[name, fact]])),
  );
}

const same = (held: TraitFact | ComputedFact | undefined, fact: ComputedFact | undefined): boolean =>
  held === fact || (held !== undefined && fact !== undefined && 'c' in held && held.c === fact.c && held.v === fact.v && held.t === fact.t);
