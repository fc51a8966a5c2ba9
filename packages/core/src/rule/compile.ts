import type { ConsentRule, EventRule, Filter, Rule, TraitRule } from '@enishi/plugin-sdk';
import { consentKey } from '../consent-key.ts';
import type { Comparison } from './compare.ts';
import { milliseconds } from './duration.ts';
import { type Range, sumRange } from './evaluate.ts';
import { largestAmount, type Measure } from './measure.ts';

/** Where a rule's values go: every one is bound, none becomes text of the statement. */
export interface SqlParameters {
  readonly values: unknown[];
  /** Adds a value and answers its placeholder, such as `$7`. */
  readonly bind: (value: unknown) => string;
  /** The placeholder of the workspace's id. */
  readonly workspace: string;
  /** The placeholder of the instant the rule is asked for. */
  readonly now: string;
}

/** Parameters for a statement that starts with the workspace as `$1` and the instant as `$2`. */
export function sqlParameters(workspaceId: number, now: Date): SqlParameters {
  const values: unknown[] = [workspaceId, now];
  return { values, bind: (value) => `$${values.push(value)}`, workspace: '$1', now: '$2' };
}

/**
 * The rule as a condition over a row `c` of `customer`, for the whole set at once: each event condition becomes one
 * grouped scan of the events of its kind, joined by set membership. The twin of `compileEvaluator`.
 */
export function compileRule(rule: Rule, to: SqlParameters): string {
  if ('all' in rule) return `(${rule.all.map((part) => compileRule(part, to)).join(' and ')})`;
  if ('any' in rule) return `(${rule.any.map((part) => compileRule(part, to)).join(' or ')})`;
  if ('not' in rule) return `(not ${compileRule(rule.not, to)})`;
  if ('trait' in rule) return traitCondition(rule, to);
  if ('event' in rule) return eventCondition(rule, to);
  if ('identity' in rule) {
    return `c.id in (select h.customer_id from identity h where h.workspace_id = ${to.workspace} and h.namespace = ${to.bind(rule.identity)})`;
  }
  return consentCondition(rule, to);
}

function traitCondition({ trait, ...comparison }: TraitRule, to: SqlParameters): string {
  return jsonCondition(`(c.traits -> ${to.bind(trait)}::text -> 'v')`, [], { comparison, to });
}

function consentCondition({ consent, is }: ConsentRule, to: SqlParameters): string {
  return `(coalesce(c.consents -> ${to.bind(consentKey(consent))}::text ->> 'state', 'NONE') = ${to.bind(is)}::text)`;
}

/** A jsonpath with its values as variables. In lax mode lists are looked into and comparisons of different kinds are false. */
function jsonCondition(
  document: string,
  path: readonly string[],
  { comparison, to }: { comparison: Comparison; to: SqlParameters },
): string {
  const place = ['$', ...path.map((key) => `.${JSON.stringify(key)}`)].join('');
  const matches = (test: string, variables: Record<string, unknown>): string =>
    `coalesce(jsonb_path_exists(${document}, ${to.bind(`${place} ? (${test})`)}::jsonpath, ${to.bind(JSON.stringify(variables))}::jsonb, true), false)`;
  const { is, isNot, in: among, atLeast, moreThan, atMost, lessThan, startsWith, exists } = comparison;
  if (is !== undefined) return matches('@ == $x', { x: is });
  if (isNot !== undefined) return `(not ${matches('@ == $x', { x: isNot })})`;
  if (among !== undefined) return matches('@ == $x[*]', { x: among });
  if (atLeast !== undefined) return matches('@ >= $x', { x: atLeast });
  if (moreThan !== undefined) return matches('@ > $x', { x: moreThan });
  if (atMost !== undefined) return matches('@ <= $x', { x: atMost });
  if (lessThan !== undefined) return matches('@ < $x', { x: lessThan });
  if (startsWith !== undefined) return matches('@ starts with $x', { x: startsWith });
  const present = `coalesce(jsonb_path_exists(${document}, ${to.bind(`${place} ? (@ != null)`)}::jsonpath, '{}', true), false)`;
  return exists ? present : `(not ${present})`;
}

const filterCondition = ({ property, ...comparison }: Filter, to: SqlParameters): string =>
  jsonCondition('e.properties', property.split('.'), { comparison, to });

/** Whether an event `e` counts. The twin of `Measure.counts`. */
export const countedCondition = ({ type, where }: Pick<Measure, 'type' | 'where'>, to: SqlParameters): string =>
  [`e.workspace_id = ${to.workspace}`, `e.type = ${to.bind(type)}`, ...where.map((filter) => filterCondition(filter, to))].join(' and ');

function eventCondition(rule: EventRule, to: SqlParameters): string {
  const conditions = [
    `h.workspace_id = ${to.workspace}`,
    countedCondition({ type: rule.event, where: rule.where ?? [] }, to),
    ...windowConditions(rule, to),
  ];
  const customers = (having: string): string =>
    `(select h.customer_id from event e join identity h on h.id = e.identity_id where ${conditions.join(' and ')} group by h.customer_id having ${having})`;
  const age = rule.last ?? rule.first;
  if (age !== undefined) {
    const length = `make_interval(secs => ${to.bind(milliseconds(age.within ?? age.olderThan ?? 'PT0S') / 1000)}::float8)`;
    const turns = `${rule.last === undefined ? 'min' : 'max'}(e.occurred_at) + ${length}`;
    return `c.id in ${customers(`${to.now}::timestamptz ${age.within === undefined ? '>=' : '<'} ${turns}`)}`;
  }
  const range: Range = rule.never ? { equals: 0 } : rule.sum === undefined ? (rule.count ?? { atLeast: 1 }) : sumRange(rule.sum);
  const value = rule.sum === undefined ? 'count(*)' : sumOf(rule.sum.of, to);
  const inRange = rangeCondition(range, value, to);
  // Customers without any such event are in no group: where nothing at all satisfies the range, ask for the others' complement.
  return zeroIn(range) ? `(c.id not in ${customers('true')} or c.id in ${customers(inRange)})` : `c.id in ${customers(inRange)}`;
}

function windowConditions({ within }: EventRule, to: SqlParameters): string[] {
  if (within === undefined) return [];
  if (typeof within === 'string') {
    return [`e.occurred_at > ${to.now}::timestamptz - make_interval(secs => ${to.bind(milliseconds(within) / 1000)}::float8)`];
  }
  return [
    ...(within.from === undefined ? [] : [`e.occurred_at >= ${to.bind(new Date(within.from))}::timestamptz`]),
    ...(within.to === undefined ? [] : [`e.occurred_at < ${to.bind(new Date(within.to))}::timestamptz`]),
  ];
}

/** What an event `e` adds to a sum, or null where that is nothing. The twin of `Measure.amount`, in units instead of millionths. */
export function amountOf(path: string, to: SqlParameters): string {
  // `->` with a text looks into objects only; `#>` would take the "0" of a path for a place in a list.
  const number = `(e.properties ${path
    .split('.')
    .map((key) => `-> ${to.bind(key)}::text`)
    .join(' ')})`;
  // One inside the other: of two conditions beside each other PostgreSQL may look at the second first, and no text is a number.
  const inBounds = `case when abs(${number}::numeric) <= ${largestAmount} then trunc(${number}::numeric, 6) end`;
  return `case when jsonb_typeof(${number}) = 'number' then ${inBounds} end`;
}

const sumOf = (path: string, to: SqlParameters): string => `coalesce(sum(${amountOf(path, to)}), 0) * 1000000`;

const operators = [
  ['atLeast', '>='],
  ['moreThan', '>'],
  ['atMost', '<='],
  ['lessThan', '<'],
  ['equals', '='],
] as const;

const rangeCondition = (range: Range, value: string, to: SqlParameters): string =>
  operators
    .flatMap(([bound, operator]) => (range[bound] === undefined ? [] : [`${value} ${operator} ${to.bind(range[bound])}::numeric`]))
    .join(' and ');

const zeroIn = ({ atLeast, moreThan, atMost, lessThan, equals }: Range): boolean =>
  (atLeast ?? 0) <= 0 && (moreThan ?? -1) < 0 && (atMost ?? 0) >= 0 && (lessThan ?? 1) > 0 && (equals ?? 0) === 0;
