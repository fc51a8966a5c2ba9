import { type Rule, ruleSchema } from '@enishi/plugin-sdk';
import type { z } from 'zod';
import { InvalidRule, type Violation } from '../errors.ts';
import { isStorable, nestsDeeper } from '../json.ts';
import { leavesOf } from './ruleset.ts';

const deepest = 10;
const mostConditions = 100;
const longest = 100_000;

/** Levels of JSON: a list and an object for each `all` or `any`, and what the conditions inside need. */
const deepestJson = 2 * deepest + 6;

/** The rule in an untrusted value. Throws `InvalidRule` naming each fault; depth and size are limited before anything is parsed. */
export function parseRule(value: unknown): Rule {
  const problem = tooMuch(value);
  if (problem !== undefined) throw new InvalidRule([{ path: '', message: problem }]);
  const parsed = ruleSchema.safeParse(value);
  if (!parsed.success) throw new InvalidRule(parsed.error.issues.flatMap(violationsOf).slice(0, 20));
  if (leavesOf(parsed.data).length > mostConditions)
    throw new InvalidRule([{ path: '', message: `a rule may have ${mostConditions} conditions` }]);
  return parsed.data;
}

/** Why a value is not even looked at: a hostile one may nest without end. */
function tooMuch(value: unknown): string | undefined {
  if (depthOf(value, 0) > deepest || nestsDeeper(value, deepestJson)) return `a rule may be ${deepest} levels deep`;
  const json = JSON.stringify(value ?? null, (_key, part) => (typeof part === 'bigint' ? String(part) : part));
  if (json === undefined) return 'a rule is an object';
  if (json.length > longest) return `a rule may have ${longest} characters`;
  return isStorable(json) ? undefined : 'a rule holds no NUL character and no half of a surrogate pair';
}

/** Counts levels of and, or, not only, and gives up one past the limit: a hostile value may nest without end. */
function depthOf(value: unknown, level: number): number {
  if (typeof value !== 'object' || value === null || level > deepest) return level;
  const { all, any, not } = value as { all?: unknown; any?: unknown; not?: unknown };
  const parts = [...(Array.isArray(all) ? all : []), ...(Array.isArray(any) ? any : []), ...(not === undefined ? [] : [not])];
  return parts.reduce<number>((deep, part) => Math.max(deep, depthOf(part, level + 1)), level);
}

/** A union fails with the faults of every form; the form that was meant is the one with the fewest. */
function violationsOf(issue: z.core.$ZodIssue): Violation[] {
  const path = issue.path.map(String).join('.');
  if (issue.code !== 'invalid_union') return [{ path, message: issue.message }];
  const best = issue.errors.toSorted((left, right) => faults(left) - faults(right))[0] ?? [];
  if (best.length === 0 || (best.length > 1 && best.some(({ code }) => code === 'unrecognized_keys'))) {
    return [
      { path, message: 'a condition has one of the forms { all }, { any }, { not }, { trait }, { event }, { identity }, { consent, is }' },
    ];
  }
  return best
    .flatMap(violationsOf)
    .map((inner) => ({ path: [path, inner.path].filter((part) => part !== '').join('.'), message: inner.message }));
}

const faults = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.length + issues.filter(({ code }) => code === 'unrecognized_keys').length * 10;
