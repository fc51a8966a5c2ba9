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

/** In jsonpath's lax mode a filter looks into the list it meets, and a comparison into the lists it finds there, but no deeper. */
const someOf =
  (test: Test) =>
  (values: readonly unknown[]): boolean =>
    values.some((value) =>
      Array.isArray(value) ? value.some((element) => (Array.isArray(element) ? element.some(test) : test(element))) : test(value),
    );

/** A predicate over what was found; a list matches with any of its elements, nothing found matches only `isNot` and `exists: false`. */
export function comparator(comparison: Comparison): (values: readonly unknown[]) => boolean {
  const { is, isNot, in: among, atLeast, moreThan, atMost, lessThan, startsWith, exists } = comparison;
  if (is !== undefined) return someOf((value) => order(value, is) === 0);
  if (isNot !== undefined) {
    const same = someOf((value) => order(value, isNot) === 0);
    return (values) => !same(values);
  }
  if (among !== undefined) return someOf((value) => among.some((candidate) => order(value, candidate) === 0));
  if (atLeast !== undefined) return someOf((value) => (order(value, atLeast) ?? -1) >= 0);
  if (moreThan !== undefined) return someOf((value) => (order(value, moreThan) ?? -1) > 0);
  if (atMost !== undefined) return someOf((value) => (order(value, atMost) ?? 1) <= 0);
  if (lessThan !== undefined) return someOf((value) => (order(value, lessThan) ?? 1) < 0);
  if (startsWith !== undefined) return someOf((value) => typeof value === 'string' && value.startsWith(startsWith));
  const present = someOf((value) => value !== null);
  return (values) => present(values) === exists;
}

/** What is found at a path such as `products.category`: of a list on the way, what each of its elements holds. */
export function valuesAt(source: unknown, path: readonly string[]): readonly unknown[] {
  let single = source;
  let depth = 0;
  // Most paths lead through objects only, and no list need be made on the way.
  while (depth < path.length && !Array.isArray(single)) {
    single = own(single, path[depth] ?? '');
    if (single === undefined) return [];
    depth += 1;
  }
  let found: readonly unknown[] = [single];
  for (const key of path.slice(depth)) {
    found = found
      .flatMap((value) => (Array.isArray(value) ? value : [value]))
      .map((value) => own(value, key))
      .filter((value) => value !== undefined);
  }
  return found;
}

/** The one number at a path, or nothing where it is missing, another kind of value, or inside a list. */
export function numberAt(source: unknown, path: readonly string[]): number | undefined {
  let found = source;
  for (const key of path) found = own(found, key);
  return typeof found === 'number' ? found : undefined;
}

/** Only what an object holds itself: a list has no `length` here, and nothing has a `constructor`. */
const own = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
