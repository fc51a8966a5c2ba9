import { hash } from 'node:crypto';
import type { EventRule, Filter } from '@enishi/plugin-sdk';
import { comparator, numberAt, valuesAt } from './compare.ts';

/** What a rule measures about the events of one kind: which of them, and which number of theirs is summed. Rules that ask the same share one measure. */
export interface Measure {
  readonly key: string;
  readonly type: string;
  readonly where: readonly Filter[];
  readonly of: string | undefined;
  /** The version of the workspace's rules since which it is counted: what was stored under an older one does not have it. */
  readonly since: number;
  /** How many of the newest events must be remembered one by one for the windows that rules look at. */
  readonly remember: number;
  /** Whether an event with these properties counts. */
  readonly counts: (properties: unknown) => boolean;
  /** The number it adds to the sum, in millionths: whole numbers add up exactly, fractions in floating point do not. */
  readonly amount: (properties: unknown) => number;
}

export const measureOf = (rule: EventRule): Measure =>
  measuring({ event: rule.event, where: rule.where ?? [], of: rule.sum?.of, remember: rememberedFor(rule) });

export function measuring({ event, where, of, remember }: Pick<Measure, 'where' | 'of' | 'remember'> & { event: string }): Measure {
  const tests = where.map(({ property, ...comparison }) => ({ path: property.split('.'), test: comparator(comparison) }));
  const path = of?.split('.');
  return {
    key: hash('sha256', JSON.stringify([event, where, of ?? null]), 'hex').slice(0, 12),
    type: event,
    where,
    of,
    since: 0,
    remember,
    counts: tests.length === 0 ? () => true : (properties) => tests.every(({ path: at, test }) => test(valuesAt(properties, at))),
    amount: path === undefined ? () => 0 : (properties) => amountOf(numberAt(properties, path)),
  };
}

/**
 * More than anything costs, and still far from where numbers lose their whole units. What is beyond it is a mistake of whoever
 * sent it; added up it would hide every real amount beside it, for ever.
 */
export const largestAmount = 1e15;
const amountOf = (value: number | undefined): number => (value === undefined || Math.abs(value) > largestAmount ? 0 : millionths(value));

/** Remembered where a window needs every event in it. One that holds more is measured from the events themselves. */
export const mostRemembered = 64;

/** Counting to three needs the newest three, and one more to tell three from many. A sum or a fixed window needs them all. */
function rememberedFor({ within, sum, count, never }: EventRule): number {
  if (within === undefined) return 0;
  if (typeof within !== 'string' || sum !== undefined) return mostRemembered;
  const bounds = never ? [0] : Object.values(count ?? { atLeast: 1 }).filter((bound) => bound !== undefined);
  return Math.min(mostRemembered, Math.max(0, Math.ceil(Math.max(...bounds))) + 1);
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
