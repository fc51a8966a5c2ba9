import { hash } from 'node:crypto';
import type { EventRule, Filter } from '@enishi/plugin-sdk';
import { comparator, valueAt } from './compare.ts';

/** What a rule measures about the events of one kind: which of them, and which number of theirs is summed. Rules that ask the same share one measure. */
export interface Measure {
  readonly key: string;
  readonly type: string;
  readonly where: readonly Filter[];
  readonly of: string | undefined;
  /** Whether some rule looks at a window of time, so that single events must be remembered. */
  readonly windowed: boolean;
  /** Whether an event with these properties counts. */
  readonly counts: (properties: unknown) => boolean;
  /** The number it adds to the sum, in millionths: whole numbers add up exactly, fractions in floating point do not. */
  readonly amount: (properties: unknown) => number;
}

export function measureOf(rule: EventRule): Measure {
  const where = rule.where ?? [];
  const of = rule.sum?.of;
  const tests = where.map(({ property, ...comparison }) => ({ path: property.split('.'), test: comparator(comparison) }));
  const path = of?.split('.');
  return {
    key: hash('sha256', JSON.stringify([rule.event, where, of ?? null]), 'hex').slice(0, 12),
    type: rule.event,
    where,
    of,
    windowed: rule.within !== undefined,
    counts: tests.length === 0 ? () => true : (properties) => tests.every(({ path: at, test }) => test(valueAt(properties, at))),
    amount: path === undefined ? () => 0 : (properties) => millionths(valueAt(properties, path)),
  };
}

/**
 * A number as whole millionths, cut off behind the sixth decimal. Works on the decimal text, as PostgreSQL's
 * `trunc(numeric, 6)` does, so that both ways of evaluating a sum agree to the last digit.
 */
export function millionths(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 0;
  if (Number.isInteger(value)) return value * 1_000_000;
  const text = String(value);
  if (text.includes('e')) return Math.trunc(value * 1_000_000);
  const [whole = '0', fraction = ''] = text.split('.');
  return Number(`${whole}${fraction.slice(0, 6).padEnd(6, '0')}`);
}
