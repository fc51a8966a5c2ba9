import type { Rule } from '@enishi/plugin-sdk';
import { compileTrait, type LiveTrait, type TraitDefinition } from './computed.ts';
import { compileEvaluator, type Evaluator, type View } from './evaluate.ts';
import type { Measure } from './measure.ts';

/** A segment that is kept live. */
export interface LiveSegment {
  readonly id: number;
  readonly key: string;
  readonly evaluate: Evaluator;
}

/** What is kept live about every customer. */
export type Live = LiveSegment | LiveTrait;

/** Every live rule and computed trait of a workspace, compiled once, and found by what it reads. */
export interface RuleSet {
  readonly version: number;
  readonly segments: readonly LiveSegment[];
  readonly computed: ReadonlyMap<string, LiveTrait>;
  readonly everything: readonly Live[];
  readonly measures: ReadonlyMap<string, Measure>;
  readonly measuresOf: ReadonlyMap<string, readonly Measure[]>;
  readonly byEvent: ReadonlyMap<string, readonly Live[]>;
  readonly byTrait: ReadonlyMap<string, readonly LiveSegment[]>;
  readonly byConsent: readonly LiveSegment[];
  readonly byIdentity: readonly LiveSegment[];
  /** What is true of somebody of whom nothing is known yet: "never bought", "no rank", no orders. Every new customer is asked about them. */
  readonly ofNobody: readonly Live[];
}

export interface Definition {
  readonly id: number;
  readonly key: string;
  readonly rule: Rule;
  /** The version of the workspace's rules at which this rule came. Default 0, from the beginning. */
  readonly since?: number;
}

const nobody: View = { trait: () => undefined, consent: () => undefined, holds: () => false, tally: () => undefined };

export function compileRuleSet(version: number, definitions: readonly Definition[], traits: readonly TraitDefinition[] = []): RuleSet {
  const measures = new Map<string, { -readonly [TKey in keyof Measure]: Measure[TKey] }>();
  const share =
    (since: number) =>
    (measure: Measure): Measure => {
      const known = measures.get(measure.key);
      if (known === undefined) {
        const fresh = { ...measure, since };
        measures.set(measure.key, fresh);
        return fresh;
      }
      if (measure.remember > known.remember) Object.assign(known, { remember: measure.remember, since });
      else if (measure.remember === known.remember) known.since = Math.min(known.since, since);
      return known;
    };
  const computed = new Map(traits.map((trait) => [trait.name, compileTrait(trait, share(trait.since))]));
  const reads = definitions.map(({ id, key, rule, since = 0 }) => {
    const leaves = leavesOf(rule);
    return { leaves, segment: { id, key, evaluate: compileEvaluator(rule, { share: share(since), computed }) } };
  });
  const whoReads = (test: (leaf: Leaf) => boolean): LiveSegment[] =>
    reads.filter(({ leaves }) => leaves.some(test)).map(({ segment }) => segment);
  const index = (nameOf: (leaf: Leaf) => string | undefined): Map<string, LiveSegment[]> => {
    const names = new Set(reads.flatMap(({ leaves }) => leaves.map(nameOf)).filter((name) => name !== undefined));
    return new Map([...names].map((name) => [name, whoReads((leaf) => nameOf(leaf) === name)]));
  };
  const segments = reads.map(({ segment }) => segment);
  // Who reads a computed trait reads the events it is computed from.
  const byEvent = index((leaf) => ('event' in leaf ? leaf.event : 'trait' in leaf ? computed.get(leaf.trait)?.event : undefined));
  const computedFrom = Map.groupBy(computed.values(), ({ event }) => event);
  return {
    version,
    segments,
    computed,
    everything: [...computed.values(), ...segments],
    measures,
    measuresOf: Map.groupBy(measures.values(), ({ type }) => type),
    byEvent: new Map(
      [...byEvent.keys(), ...computedFrom.keys()].map((type) => [type, [...(computedFrom.get(type) ?? []), ...(byEvent.get(type) ?? [])]]),
    ),
    byTrait: index((leaf) => ('trait' in leaf ? leaf.trait : undefined)),
    byConsent: whoReads((leaf) => 'consent' in leaf),
    byIdentity: whoReads((leaf) => 'identity' in leaf),
    ofNobody: [
      ...[...computed.values()].filter(({ compute }) => compute(nobody, 0).value !== undefined),
      ...segments.filter(({ evaluate }) => evaluate(nobody, 0).matches),
    ],
  };
}

export type Leaf = Exclude<Rule, { all: Rule[] } | { any: Rule[] } | { not: Rule }>;

/** The conditions of a rule, without the and, or and not between them. */
export function leavesOf(rule: Rule): Leaf[] {
  if ('all' in rule) return rule.all.flatMap(leavesOf);
  if ('any' in rule) return rule.any.flatMap(leavesOf);
  if ('not' in rule) return leavesOf(rule.not);
  return [rule];
}
