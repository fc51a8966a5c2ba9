import type { EventRule, Rule } from '@enishi/plugin-sdk';
import { consentKey } from '../consent-key.ts';
import { type CustomerRow, fromRow } from '../customer/customer.ts';
import { loadHistory } from '../customer/history.ts';
import type { Database } from '../db/database.ts';
import { statement, type Transaction } from '../db/sql.ts';
import { CustomerNotFound } from '../errors.ts';
import { milliseconds } from '../rule/duration.ts';
import { type Common, compileEvaluator, type View } from '../rule/evaluate.ts';
import { emptyTally, type Tally } from '../rule/facts.ts';
import { measureOf } from '../rule/measure.ts';
import { compileRuleSet } from '../rule/ruleset.ts';
import { CustomerView } from './reassess.ts';
import { loadComputed } from './rule-cache.ts';
import { loadSegment } from './segments.ts';

/** One part of a rule, and what it says about the customer. */
export interface Clause {
  /** Where in the rule, such as `all.1.not`. */
  readonly path: string;
  readonly rule: Rule;
  readonly matches: boolean;
  /** What is known of the customer there, in words. */
  readonly actual: string;
  /** When time alone may change the answer. */
  readonly changesAt: Date | null;
}

export interface Explanation {
  readonly member: boolean;
  readonly changesAt: Date | null;
  readonly clauses: readonly Clause[];
}

const find = statement(
  'customer_explain',
  `select c.id, c.created_at, c.last_event_at, c.traits::text as traits, c.consents::text as consents, c.segments, c.facts, c.rules_version, c.revision
   from identity h join customer c on c.workspace_id = h.workspace_id and c.id = h.customer_id
   where h.workspace_id = $1 and h.id = $2`,
);

/** Why a customer is in a segment or not: every condition with what is true of the customer. Throws `SegmentNotFound`, `CustomerNotFound`. */
export async function explainMembership(
  database: Database,
  workspaceId: number,
  { segment: key, customer: id, now = new Date() }: { segment: string; customer: string; now?: Date },
): Promise<Explanation> {
  const segment = await loadSegment(database, workspaceId, key);
  return database.transaction(workspaceId, async (sql) => explain(sql, workspaceId, { rule: segment.rule, id, now }));
}

async function explain(
  sql: Transaction,
  workspaceId: number,
  { rule, id, now }: { rule: Rule; id: string; now: Date },
): Promise<Explanation> {
  const [row] = await sql<CustomerRow>(find, [workspaceId, id]);
  if (row === undefined) throw new CustomerNotFound(id);
  const customer = fromRow(row);
  const rules = compileRuleSet(0, [{ id: 0, key: '', rule, since: 0 }], await loadComputed(sql, workspaceId));
  // To say how many there are in a window takes all of them, also where the rule itself only tells three from many.
  const measures = [...rules.measures.values()].map((measure) => ({ ...measure, remember: measure.remember && Number.POSITIVE_INFINITY }));
  const measuresOf = Map.groupBy(measures, ({ type }) => type);
  const histories = await loadHistory(sql, workspaceId, { customerIds: [row.id], measuresOf });
  customer.tallies = histories.get(row.id) ?? {};
  const common: Common = { share: (measure) => rules.measures.get(measure.key) ?? measure, computed: rules.computed };
  const walker: Walker = { view: new CustomerView(customer), now: now.getTime(), common };
  const clauses = walk(rule, '', walker);
  const [whole] = clauses;
  return { member: whole?.matches ?? false, changesAt: whole?.changesAt ?? null, clauses };
}

interface Walker {
  readonly view: View;
  readonly now: number;
  readonly common: Common;
}

function walk(rule: Rule, path: string, walker: Walker): Clause[] {
  const { matches, changesAt } = compileEvaluator(rule, walker.common)(walker.view, walker.now);
  const clause = {
    path,
    rule,
    matches,
    actual: actualOf(rule, walker),
    changesAt: Number.isFinite(changesAt) ? new Date(changesAt) : null,
  };
  const inside = (part: Rule, name: string): Clause[] => walk(part, path === '' ? name : `${path}.${name}`, walker);
  if ('all' in rule) return [clause, ...rule.all.flatMap((part, place) => inside(part, `all.${place}`))];
  if ('any' in rule) return [clause, ...rule.any.flatMap((part, place) => inside(part, `any.${place}`))];
  if ('not' in rule) return [clause, ...inside(rule.not, 'not')];
  return [clause];
}

function actualOf(rule: Rule, { view, now, common }: Walker): string {
  if ('all' in rule || 'any' in rule || 'not' in rule) return '';
  if ('trait' in rule) {
    const { value } = common.computed.get(rule.trait)?.compute(view, now) ?? { value: view.trait(rule.trait) };
    return `${rule.trait} is ${JSON.stringify(value ?? null)}`;
  }
  if ('identity' in rule) return view.holds(rule.identity) ? `has ${rule.identity}` : `has no ${rule.identity}`;
  if ('consent' in rule) return `${consentKey(rule.consent)} is ${view.consent(consentKey(rule.consent)) ?? 'NONE'}`;
  const tally = view.tally(common.share(measureOf(rule))) ?? emptyTally();
  if (tally.count === 0) return `never ${rule.event}`;
  const { count, sum } = rule.within === undefined ? tally : insideOf(rule.within, tally, now);
  const total = rule.sum === undefined ? '' : `, ${sum / 1_000_000} in all`;
  const place = rule.within === undefined ? '' : ` in the window, ${tally.count} ever`;
  return `${count} × ${rule.event}${total}${place}, first ${new Date(tally.first).toISOString()}, last ${new Date(tally.last).toISOString()}`;
}

/** What of a complete tally lies in a window. */
function insideOf(window: NonNullable<EventRule['within']>, { times, amounts }: Tally, now: number): { count: number; sum: number } {
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } =
    typeof window === 'string' ? { from: now - milliseconds(window) + 1 } : instants(window);
  const inside = times.flatMap((at, place) => (at >= from && at < to ? [amounts[place] ?? 0] : []));
  return { count: inside.length, sum: inside.reduce((total, amount) => total + amount, 0) };
}

const instants = ({ from, to }: { from?: string | undefined; to?: string | undefined }): { from?: number; to?: number } => ({
  ...(from === undefined ? {} : { from: Date.parse(from) }),
  ...(to === undefined ? {} : { to: Date.parse(to) }),
});
