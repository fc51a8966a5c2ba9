import type { Rule } from '@enishi/plugin-sdk';
import { compileEvaluator, type Evaluator, type View } from './evaluate.ts';
import type { Measure } from './measure.ts';

/** A segment that is kept live. */
export interface LiveSegment {
  readonly id: number;
  readonly key: string;
  readonly evaluate: Evaluator;
}

/** Every live rule of a workspace, compiled once, and found by what it reads. */
export interface RuleSet {
  readonly version: number;
  readonly segments: readonly LiveSegment[];
  readonly measures: ReadonlyMap<string, Measure>;
  readonly measuresOf: ReadonlyMap<string, readonly Measure[]>;
  readonly byEvent: ReadonlyMap<string, readonly LiveSegment[]>;
  readonly byTrait: ReadonlyMap<string, readonly LiveSegment[]>;
  readonly byConsent: readonly LiveSegment[];
  readonly byIdentity: readonly LiveSegment[];
  /** Those that match somebody of whom nothing is known yet: "never bought", "no rank". Every new customer is asked about them. */
  readonly ofNobody: readonly LiveSegment[];
}

export interface Definition {
  readonly id: number;
  readonly key: string;
  readonly rule: Rule;
  /** The version of the workspace's rules at which this rule came. Default 0, from the beginning. */
  readonly since?: number;
}

const nobody: View = { trait: () => undefined, consent: () => undefined, holds: () => false, tally: () => undefined };

export function compileRuleSet(version: number, definitions: readonly Definition[]): RuleSet {
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
  const reads = definitions.map(({ id, key, rule, since = 0 }) => {
    const leaves = leavesOf(rule);
    return { leaves, segment: { id, key, evaluate: compileEvaluator(rule, share(since)) } };
  });
  const whoReads = (test: (leaf: Leaf) => boolean): LiveSegment[] =>
    reads.filter(({ leaves }) => leaves.some(test)).map(({ segment }) => segment);
  const index = (nameOf: (leaf: Leaf) => string | undefined): Map<string, LiveSegment[]> => {
    const names = new Set(reads.flatMap(({ leaves }) => leaves.map(nameOf)).filter((name) => name !== undefined));
    return new Map([...names].map((name) => [name, whoReads((leaf) => nameOf(leaf) === name)]));
  };
  return {
    version,
    segments: reads.map(({ segment }) => segment),
    measures,
    measuresOf: Map.groupBy(measures.values(), ({ type }) => type),
    byEvent: index((leaf) => ('event' in leaf ? leaf.event : undefined)),
    byTrait: index((leaf) => ('trait' in leaf ? leaf.trait : undefined)),
    byConsent: whoReads((leaf) => 'consent' in leaf),
    byIdentity: whoReads((leaf) => 'identity' in leaf),
    ofNobody: reads.map(({ segment }) => segment).filter(({ evaluate }) => evaluate(nobody, 0).matches),
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
