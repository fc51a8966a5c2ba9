import type { Filter, TraitRule } from '@enishi/plugin-sdk';

export type Comparison = Omit<TraitRule, 'trait'> | Omit<Filter, 'property'>;

/** Same meaning as PostgreSQL's jsonpath: values of different kinds never match, texts go by code point. */
function order(left: unknown, right: unknown): number | undefined {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string')
    return left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right));
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  return undefined;
}

type Test = (value: unknown) => boolean;

const anyOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) ? value.some(test) : value !== undefined && test(value);

/** A predicate over one value; a list matches with any of its elements, a missing value matches only `isNot` and `exists: false`. */
export function comparator(comparison: Comparison): Test {
  const { is, isNot, in: among, atLeast, moreThan, atMost, lessThan, startsWith, exists } = comparison;
  if (is !== undefined) return anyOf((value) => order(value, is) === 0);
  if (isNot !== undefined) {
    const same = anyOf((value) => order(value, isNot) === 0);
    return (value) => !same(value);
  }
  if (among !== undefined) return anyOf((value) => among.some((candidate) => order(value, candidate) === 0));
  if (atLeast !== undefined) return anyOf((value) => (order(value, atLeast) ?? -1) >= 0);
  if (moreThan !== undefined) return anyOf((value) => (order(value, moreThan) ?? -1) > 0);
  if (atMost !== undefined) return anyOf((value) => (order(value, atMost) ?? 1) <= 0);
  if (lessThan !== undefined) return anyOf((value) => (order(value, lessThan) ?? 1) < 0);
  if (startsWith !== undefined) return anyOf((value) => typeof value === 'string' && value.startsWith(startsWith));
  const present = anyOf((value) => value !== null);
  return (value) => present(value) === exists;
}

/** The value at a path such as `products.category`; a list on the way gives the list of what its elements hold. */
export function valueAt(source: unknown, path: readonly string[]): unknown {
  let current: unknown = source;
  for (const key of path) {
    if (Array.isArray(current)) current = current.flatMap((element) => own(element, key) ?? []);
    else current = own(current, key);
    if (current === undefined) return undefined;
  }
  return Array.isArray(current) && current.length === 0 ? undefined : current;
}

const own = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
