import assert from 'node:assert/strict';
import { compileRule, createWorkspace, type Line, parseRule, type Submission, sqlParameters, type Workspace } from '@enishi/core';
import { definePlugin, event, type Rule, trait } from '@enishi/plugin-sdk';
import fc from 'fast-check';
import { z } from 'zod';

/** A small world with everything rules can look at, so small that people keep meeting. */
export const ordered = event('shop.ordered', z.object({ total: z.number(), lines: z.array(z.object({ sku: z.string() })).optional() }), {
  description: 'An order.',
});
export const rank = trait('shop.rank', z.enum(['silver', 'gold']), { description: 'Rank.' });
export const firstSeenIn = trait('shop.firstSeenIn', z.string(), { description: 'Where first seen.', survivorship: 'oldest' });
export const shop = definePlugin({
  name: 'shop',
  description: 'A shop.',
  config: z.object({}),
  events: [ordered],
  traits: [rank, firstSeenIn],
});

export const today = new Date('2026-06-01T00:00:00.000Z');
const day = 86_400_000;

/** One rule of each form, with windows that the events' times fall in and out of. */
export const rules: Record<string, Rule> = {
  buyers: { event: 'shop.ordered' },
  'twice-in-30-days': { event: 'shop.ordered', within: 'P30D', count: { atLeast: 2 } },
  'spent-100-in-20-days': { event: 'shop.ordered', within: 'P20D', sum: { of: 'total', atLeast: 100 } },
  'spent-99-ever': { event: 'shop.ordered', sum: { of: 'total', moreThan: 99.5 } },
  'quiet-15-days': { event: 'shop.ordered', last: { olderThan: 'P15D' } },
  'seen-in-5-days': { event: 'enishi.page_viewed', last: { within: 'P5D' } },
  'new-in-40-days': { event: 'shop.ordered', first: { within: 'P40D' } },
  'never-looked': { event: 'enishi.page_viewed', never: true },
  'at-most-one-in-10-days': { event: 'shop.ordered', within: 'P10D', count: { atMost: 1 } },
  'exactly-two': { event: 'shop.ordered', count: { equals: 2 } },
  'bought-tea': { event: 'shop.ordered', where: [{ property: 'lines.sku', is: 'tea' }], within: 'P50D' },
  'big-order': { event: 'shop.ordered', where: [{ property: 'total', atLeast: 60 }] },
  'in-may': { event: 'shop.ordered', within: { from: '2026-05-01T00:00:00Z', to: '2026-06-01T00:00:00Z' } },
  gold: { trait: 'shop.rank', is: 'gold' },
  'not-silver': { trait: 'shop.rank', isNot: 'silver' },
  'no-rank': { trait: 'shop.rank', exists: false },
  callable: { identity: 'phone' },
  mailable: { consent: { purpose: 'marketing', channel: 'email' }, is: 'GIVEN' },
  'win-back': {
    all: [
      { event: 'shop.ordered' },
      { not: { event: 'shop.ordered', within: 'P30D' } },
      { any: [{ trait: 'shop.rank', is: 'gold' }, { identity: 'phone' }] },
    ],
  },
};

const people = fc.record(
  {
    email: fc.constantFrom('a@shop.example', 'b@shop.example', 'c@shop.example', 'd@shop.example'),
    phone: fc.constantFrom('090-0000-0011', '09000000022', '+81 90 0000 0033'),
    anonymous: fc.constantFrom('device-1', 'device-2', 'device-3'),
  },
  { requiredKeys: [] },
);

const happening = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('shop.ordered'),
      properties: fc.record({
        total: fc.integer({ min: 1, max: 9000 }).map((n) => n / 100),
        lines: fc.array(fc.record({ sku: fc.constantFrom('tea', 'rice') }), { maxLength: 2 }),
      }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('enishi.page_viewed'), properties: fc.constant({ path: '/' }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('enishi.identified'), properties: fc.constant({}) }) },
);

/** Between `from` and `to` days before `today`, to the millisecond. */
const times = (from: number, to: number) =>
  fc.integer({ min: -from * day, max: -to * day }).map((offset) => new Date(today.getTime() + offset));

/** Some events of a few people who share phones and devices. The limits of the namespaces are never reached. */
export const histories = ({ from = 80, to = 0, min = 1, max = 14 } = {}): fc.Arbitrary<Submission[]> =>
  fc
    .array(
      fc.record({
        identifiers: people,
        at: times(from, to),
        what: happening,
        rank: fc.option(fc.constantFrom('silver' as const, 'gold' as const), { nil: undefined, freq: 3 }),
        place: fc.option(fc.constantFrom('tokyo', 'osaka'), { nil: undefined, freq: 3 }),
        consent: fc.option(fc.constantFrom('GIVEN' as const, 'REFUSED' as const, 'WITHDRAWN' as const), { nil: undefined, freq: 3 }),
      }),
      { minLength: min, maxLength: max },
    )
    .map((items) =>
      items
        .filter(({ identifiers }) => Object.keys(identifiers).length > 0)
        .map(({ identifiers, at, what, rank: value, place, consent }, place_) => ({
          id: `m${place_}`,
          ...what,
          at,
          identifiers,
          traits: [...(value === undefined ? [] : [rank(value)]), ...(place === undefined ? [] : [firstSeenIn(place)])],
          consents: consent === undefined ? [] : [{ purpose: 'marketing', channel: 'email', state: consent }],
        })),
    );

let made = 0;

/** A workspace nobody else uses, on the same database; with the same salt everywhere, so that ids can be compared. */
export async function freshWorkspace(url: string, line: Line): Promise<Workspace> {
  made += 1;
  const workspace = await createWorkspace(url, { key: `world-${made}`, name: 'World', country: 'JP', salt: Buffer.alloc(32, 7) });
  await line.database.query(
    workspace.id,
    `with saved as (
       insert into segment (workspace_id, key, name, rule, status) select $1, key, key, value, 'LIVE' from jsonb_each($2::jsonb)
     ) update change_counter set rules_version = 1 where workspace_id = $1`,
    [workspace.id, JSON.stringify(rules)],
  );
  return workspace;
}

/** Sends events in pieces of the given sizes, one after another. */
export async function send(
  line: Line,
  workspace: Workspace,
  { events, sizes = [3] }: { events: readonly Submission[]; sizes?: readonly number[] },
): Promise<void> {
  for (let start = 0, turn = 0; start < events.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    await line.accept(workspace, 'world', events.slice(start, start + size));
    start += size;
  }
}

/** Who should be in each segment, asked of the tables alone. */
export async function fromScratch(
  line: Line,
  workspace: Workspace,
  { now, rules: some = rules }: { now: Date; rules?: Record<string, Rule> },
): Promise<Record<string, string[]>> {
  const answers: Record<string, string[]> = {};
  for (const [key, rule] of Object.entries(some)) {
    const to = sqlParameters(workspace.id, now);
    const text = `select c.id from customer c where c.workspace_id = $1 and $2::timestamptz is not null and (${compileRule(parseRule(rule), to)}) order by c.id`;
    answers[key] = (await line.database.query<{ id: string }>(workspace.id, text, to.values)).map(({ id }) => id);
  }
  return answers;
}

/** Who is in each segment, as kept by the line, in its three places: the intervals, the customers, and the size. */
export async function asKept(line: Line, workspace: Workspace): Promise<Record<string, string[]>> {
  const rows = await line.database.query<{ key: string; size: number; open: string[]; listed: string[] }>(
    workspace.id,
    `select s.key, s.size,
       array(select m.customer_id from membership m where m.workspace_id = $1 and m.segment_id = s.id and m.left_at is null order by 1) as open,
       array(select c.id from customer c where c.workspace_id = $1 and s.id = any(c.segments) order by 1) as listed
     from segment s where s.workspace_id = $1`,
    [workspace.id],
  );
  return Object.fromEntries(
    rows.map(({ key, size, open, listed }) => {
      assert.deepEqual(listed, open);
      assert.equal(size, open.length);
      return [key, open];
    }),
  );
}

interface Snapshot {
  readonly identities: string[];
  readonly traits: Record<string, unknown>;
  readonly consents: Record<string, string>;
  readonly segments: string[];
  readonly id: string;
}

/** Every customer: who it is, what is known, where it belongs. In an order of its own, not of ids. */
export async function snapshot(line: Line, workspace: Workspace): Promise<Snapshot[]> {
  const rows = await line.database.query<Snapshot>(
    workspace.id,
    `select c.id,
       (select array_agg(h.namespace || ' ' || h.value order by h.namespace, h.value) from identity h where h.workspace_id = $1 and h.customer_id = c.id) as identities,
       (select coalesce(jsonb_object_agg(t.key, t.value -> 'v'), '{}') from jsonb_each(c.traits) t) as traits,
       (select coalesce(jsonb_object_agg(t.key, t.value -> 'state'), '{}') from jsonb_each(c.consents) t) as consents,
       array(select s.key from segment s where s.workspace_id = $1 and s.id = any(c.segments) order by s.key) as segments
     from customer c where c.workspace_id = $1`,
    [workspace.id],
  );
  return rows.sort((left, right) => (left.identities.join() < right.identities.join() ? -1 : 1));
}

export const withoutIds = (customers: readonly Snapshot[]) => customers.map(({ id: _, ...rest }) => rest);

/** Looks at a workspace just before and at each of the next instants at which something may change by time alone. */
export async function atBoundaries(
  { database }: Line,
  workspace: Workspace,
  { most, look }: { readonly most: number; readonly look: (instant: Date) => Promise<void> },
): Promise<void> {
  for (let boundary = 0; boundary < most; boundary += 1) {
    const [next] = await database.query<{ due_at: Date }>(
      workspace.id,
      'select due_at from timer where workspace_id = $1 order by 1 limit 1',
      [workspace.id],
    );
    if (next === undefined) return;
    for (const instant of [next.due_at.getTime() - 1, next.due_at.getTime()]) await look(new Date(instant));
  }
}
