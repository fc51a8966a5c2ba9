import type { Line, Workspace } from '@enishi/core';
import { type ComputedTrait, computedTrait, definePlugin, type Rule } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { ordered } from './world.ts';

const described = { description: 'What it says.' };
const tea = [{ property: 'lines.sku', is: 'tea' }];
const big = [{ property: 'total', atLeast: 60 }];

const orders = computedTrait('loyalty.orders', { event: ordered, count: true }, described);
const orders20d = computedTrait('loyalty.orders20d', { event: ordered, within: 'P20D', count: true }, described);
const tea30d = computedTrait('loyalty.tea30d', { event: ordered, where: tea, within: 'P30D', count: true }, described);
const spent = computedTrait('loyalty.spent', { event: ordered, sum: 'total' }, described);
const spent20d = computedTrait('loyalty.spent20d', { event: ordered, within: 'P20D', sum: 'total' }, described);
const spentBig50d = computedTrait('loyalty.spentBig50d', { event: ordered, where: big, within: 'P50D', sum: 'total' }, described);
const firstAt = computedTrait('loyalty.firstAt', { event: ordered, first: true }, described);
const lastAt = computedTrait('loyalty.lastAt', { event: ordered, last: true }, described);
const lastTeaAt = computedTrait('loyalty.lastTeaAt', { event: ordered, where: tea, last: true }, described);

export const computedTraits: readonly ComputedTrait[] = [
  orders,
  orders20d,
  tea30d,
  spent,
  spent20d,
  spentBig50d,
  firstAt,
  lastAt,
  lastTeaAt,
];

/** A plugin of one's own over the events of another one. */
export const loyaltyOf = (some: readonly ComputedTrait[] = computedTraits) =>
  definePlugin({ name: 'loyalty', description: 'Loyalty.', config: z.object({}), computedTraits: some })({});

/** Segments that stand on computed traits. */
export const overComputed: Record<string, Rule> = {
  'spent-50-lately': { trait: 'loyalty.spent20d', atLeast: 50 },
  'at-most-one-order': { trait: 'loyalty.orders', atMost: 1 },
  'tea-but-little': { all: [{ trait: 'loyalty.tea30d', moreThan: 0 }, { not: { trait: 'loyalty.orders20d', atLeast: 2 } }] },
  'not-since-may': { trait: 'loyalty.lastAt', lessThan: '2026-05-01' },
  'never-tea': { trait: 'loyalty.lastTeaAt', exists: false },
};

type Values = Record<string, Record<string, unknown>>;

const amount = (condition: string, value = 'count(e.id)'): string =>
  `coalesce(${value} filter (where e.id is not null and ${condition}), 0)`;
const within = (days: number): string => `e.occurred_at > $2::timestamptz - interval '${days} days'`;
const total = `sum((e.properties ->> 'total')::numeric)`;
const withTea = `e.properties -> 'lines' @> '[{"sku": "tea"}]'`;
const at = (which: string, condition = 'true'): string =>
  `to_char(${which}(e.occurred_at) filter (where ${condition}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const everyValue = `select c.id, jsonb_strip_nulls(jsonb_build_object(
    'loyalty.orders', ${amount('true')},
    'loyalty.orders20d', ${amount(within(20))},
    'loyalty.tea30d', ${amount(`${within(30)} and ${withTea}`)},
    'loyalty.spent', ${amount('true', total)},
    'loyalty.spent20d', ${amount(within(20), total)},
    'loyalty.spentBig50d', ${amount(`${within(50)} and (e.properties ->> 'total')::numeric >= 60`, total)},
    'loyalty.firstAt', ${at('min')},
    'loyalty.lastAt', ${at('max')},
    'loyalty.lastTeaAt', ${at('max', withTea)})) as values
  from customer c join identity h on h.workspace_id = $1 and h.customer_id = c.id
    left join event e on e.workspace_id = $1 and e.identity_id = h.id and e.type = 'shop.ordered'
  where c.workspace_id = $1 group by c.id order by c.id`;

/** What every computed trait should be, asked of the events alone. */
export const valuesFromScratch = async (line: Line, workspace: Workspace, now: Date): Promise<Values> =>
  byId(await line.database.query(workspace.id, everyValue, [workspace.id, now]));

const kept = `select c.id, (select coalesce(jsonb_object_agg(t.key, t.value -> 'v') filter (where t.value ? 'c'), '{}') from jsonb_each(c.traits) t) as values
  from customer c where c.workspace_id = $1 order by c.id`;

/** What they are, as kept by the line. */
export const valuesAsKept = async (line: Line, workspace: Workspace): Promise<Values> =>
  byId(await line.database.query(workspace.id, kept, [workspace.id]));

const byId = (rows: readonly { id: string; values: Record<string, unknown> }[]): Values =>
  Object.fromEntries(rows.map(({ id, values }) => [id, values]));
