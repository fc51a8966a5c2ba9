import type { Survivorship } from '@enishi/plugin-sdk';
import type { ComputedFact, CustomerState, TraitFact, Traits } from './customer.ts';

/**
 * How many traits a customer may have before names that no plugin declares are not learnt any more. The keys of web sites are
 * public: whoever holds one could otherwise make a row of any size, which every later event of that customer writes again.
 */
export const mostTraits = 1000;

interface Names {
  has(name: string): boolean;
}

/** Whether a trait of this name may be learnt of a customer: one that is held or declared always is. */
export const mayLearn = (customer: CustomerState, name: string, declared: Names): boolean =>
  Object.hasOwn(customer.traits, name) || declared.has(name) || customer.traitCount < mostTraits;

/** What is kept where customers with many traits have become one: everything declared, and of the rest what was observed last. */
export function withinLimit(traits: Record<string, TraitFact>, declared: Names): Record<string, TraitFact> {
  const all = Object.entries(traits);
  if (all.length <= mostTraits) return traits;
  const kept = all.filter(([name]) => declared.has(name));
  const others = all.filter(([name]) => !declared.has(name));
  others.sort(([left, fact], [right, other]) => compare(other, fact) || (left < right ? -1 : 1));
  return Object.fromEntries([...kept, ...others.slice(0, Math.max(0, mostTraits - kept.length))]);
}

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

/** The observation in force. What is computed is none: nothing observed survives against it, which is not asked here. */
export function observedTrait(traits: Traits, key: string): TraitFact | undefined {
  const held = heldTrait(traits, key);
  return held === undefined || 'c' in held ? undefined : held;
}

/** The traits with what was computed in its place; the same object where nothing is different. */
export function withComputed(traits: Traits, computed: ReadonlyMap<string, ComputedFact | undefined>): Traits {
  const changed = [...computed].filter(([name, fact]) => !same(heldTrait(traits, name), fact));
  if (changed.length === 0) return traits;
  const next: Record<string, TraitFact | ComputedFact> = { ...traits };
  for (const [name, fact] of changed) {
    if (fact === undefined) delete next[name];
    else next[name] = fact;
  }
  return next;
}

const same = (held: TraitFact | ComputedFact | undefined, fact: ComputedFact | undefined): boolean =>
  held === fact || (held !== undefined && fact !== undefined && 'c' in held && held.c === fact.c && held.v === fact.v && held.t === fact.t);
