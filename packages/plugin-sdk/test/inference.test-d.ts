// Compiled by `npm run typecheck`, never run: one schema each is all a plugin writes, and the types follow from it.
import {
  type AudienceChange,
  accountLink,
  audience,
  backfill,
  type ComputedTrait,
  command,
  computedTrait,
  type Delivery,
  type Desk,
  definePlugin,
  destination,
  did,
  type EventType,
  event,
  file,
  namespace,
  type Outcome,
  type Plugin,
  poll,
  type Recipient,
  type Rule,
  secret,
  segment,
  trait,
  webhook,
  where,
} from '@enishi/plugin-sdk';
import type { Context } from '@enishi/plugin-sdk/graphql';
import { expectTypeOf } from 'vitest';
import { z } from 'zod';

const visited = event('place.visited', z.object({ venue: z.string(), minutes: z.number() }), { description: 'Stayed somewhere.' });
const rank = trait('rank', z.enum(['silver', 'gold']), { description: 'Member rank.' });
const points = trait('points', z.number(), { description: 'Points.' });

// An event type carries the type of its properties.
expectTypeOf(visited).toEqualTypeOf<EventType<{ venue: string; minutes: number }>>();
visited({ at: new Date(), identifiers: { member: 'M-1' }, properties: { venue: 'Shibuya', minutes: 5 } });
// @ts-expect-error minutes is a number
visited({ at: new Date(), identifiers: {}, properties: { venue: 'Shibuya', minutes: 'five' } });
// @ts-expect-error a property is missing
visited({ at: new Date(), identifiers: {}, properties: { venue: 'Shibuya' } });
// @ts-expect-error there is no such built-in identifier
visited({ at: new Date(), identifiers: { telephone: '090' }, properties: { venue: 'Shibuya', minutes: 5 } });
// @ts-expect-error an event's name starts with that of its plugin
event('visited', z.object({}), { description: 'Stayed somewhere.' });
// @ts-expect-error so does a namespace's
namespace('card', { description: 'Card number.' });

// A trait carries the type of its value, in what is reported and in rules.
rank('gold');
// @ts-expect-error there is no such rank
rank('bronze');
expectTypeOf(where(rank).is('gold')).toExtend<Rule>();
// @ts-expect-error there is no such rank
where(rank).is('bronze');
// @ts-expect-error a number is not compared with a word
where(points).atLeast('many');
expectTypeOf(did(visited, { within: 'P30D', count: { atLeast: 3 } })).toExtend<Rule>();
segment('regulars', 'Regulars', did(visited));

// A computed trait knows from the event which properties are numbers, and from the measure what its value is.
const paid = event(
  'place.paid',
  z.looseObject({
    bill: z.object({ total: z.number(), currency: z.string() }).optional(),
    tip: z.number().optional(),
    lines: z.array(z.object({ price: z.number() })),
  }),
  { description: 'Paid a bill.' },
);
const described = { description: 'What it says.' };
const spent = computedTrait('place.spent', { event: paid, within: 'P90D', sum: 'bill.total' }, described);
const visits = computedTrait('place.visits', { event: visited, where: [{ property: 'minutes', atLeast: 10 }], count: true }, described);
const lastVisit = computedTrait('place.lastVisitAt', { event: visited, last: true }, described);
expectTypeOf(spent).toEqualTypeOf<ComputedTrait<number>>();
expectTypeOf(visits).toEqualTypeOf<ComputedTrait<number>>();
expectTypeOf(lastVisit).toEqualTypeOf<ComputedTrait<string>>();
expectTypeOf(where(spent).atLeast(10_000)).toExtend<Rule>();
expectTypeOf(where(lastVisit).atMost('2026-01-01')).toExtend<Rule>();
computedTrait('place.tips', { event: paid, sum: 'tip' }, described);
// @ts-expect-error a sum is not compared with a word
where(spent).atLeast('much');
// @ts-expect-error a currency is no number
computedTrait('place.spent', { event: paid, sum: 'bill.currency' }, described);
// @ts-expect-error there is no such property
computedTrait('place.spent', { event: paid, sum: 'total' }, described);
// @ts-expect-error a sum does not look into lists
computedTrait('place.spent', { event: paid, sum: 'lines.price' }, described);
// @ts-expect-error the last visit ever has no window
computedTrait('place.lastVisitAt', { event: visited, last: true, within: 'P90D' }, described);
// @ts-expect-error it is one thing or the other
computedTrait('place.visits', { event: visited, count: true, sum: 'minutes' }, described);
// @ts-expect-error a measure is missing
computedTrait('place.visits', { event: visited }, described);
// @ts-expect-error its name starts with that of its plugin
computedTrait('visits', { event: visited, count: true }, described);
// @ts-expect-error nobody reports what is computed
visits(3);

// A webhook's body, a file's options and a destination's message follow from their schemas.
webhook({
  description: 'Visits.',
  body: z.object({ user: z.object({ id: z.string() }) }),
  verify: () => true,
  receive: (body, _request, desk) => {
    expectTypeOf(desk).toEqualTypeOf<Desk>();
    expectTypeOf(body).toEqualTypeOf<{ user: { id: string } }>();
    return [];
  },
});
file({
  description: 'Visits.',
  options: z.object({ encoding: z.enum(['utf-8', 'cp932']).default('utf-8') }),
  async *read(_input, options) {
    expectTypeOf(options).toEqualTypeOf<{ encoding: 'utf-8' | 'cp932' }>();
    yield { lines: [1], problem: 'not a visit', raw: '' };
  },
});
destination({
  description: 'Push.',
  purpose: 'marketing',
  channel: 'push',
  address: 'place.device',
  message: z.object({ title: z.string() }),
  send: async (deliveries) => {
    expectTypeOf(deliveries).toEqualTypeOf<readonly Delivery<{ title: string }>[]>();
    return deliveries.map((): Outcome => ({ status: 'delivered' }));
  },
});
destination({
  description: 'Push.',
  purpose: 'marketing',
  channel: 'push',
  address: 'place.device',
  message: z.object({}),
  // @ts-expect-error there is no such outcome
  send: async () => [{ status: 'sent' }],
});

// So do a poll's cursor, a backfill's options and cursor, a command's options and an audience's message.
const cursor = z.object({ after: z.string(), page: z.int() });
poll({
  description: 'Visits.',
  cursor,
  everySeconds: 60,
  read: async (at) => {
    expectTypeOf(at).toEqualTypeOf<{ after: string; page: number } | undefined>();
    return { drafts: [], cursor: { after: at?.after ?? '', page: (at?.page ?? 0) + 1 }, more: false };
  },
});
poll({
  description: 'Visits.',
  cursor,
  everySeconds: 60,
  // @ts-expect-error the next cursor is of another shape
  read: async () => ({ drafts: [], cursor: { after: 7 }, more: false }),
});
backfill({
  description: 'Old visits.',
  options: z.object({ since: z.coerce.date() }),
  cursor: z.string(),
  read: async ({ since }, at) => {
    expectTypeOf(since).toEqualTypeOf<Date>();
    expectTypeOf(at).toEqualTypeOf<string | undefined>();
    return { drafts: [], cursor: at ?? since.toISOString(), more: false };
  },
});
command({
  description: 'Lists venues.',
  options: z.object({ limit: z.coerce.number().default(10) }),
  run: async (options, desk, print) => {
    expectTypeOf(options).toEqualTypeOf<{ limit: number }>();
    print(`${desk.workspace} ${options.limit}`);
  },
});
audience({
  description: 'Visitors.',
  purpose: 'advertising',
  channel: 'ads',
  address: ['email', 'phone'],
  message: z.object({ list: z.string() }),
  apply: async (changes) => {
    expectTypeOf(changes).toEqualTypeOf<readonly AudienceChange<{ list: string }>[]>();
    return changes.map((): Outcome => ({ status: 'delivered' }));
  },
  replace: async (message, everybody) => {
    expectTypeOf(message).toEqualTypeOf<{ list: string }>();
    expectTypeOf(everybody).toEqualTypeOf<AsyncIterable<Recipient>>();
  },
});
accountLink({
  description: 'Connects an account.',
  depart: ({ state, returnUrl }) => `https://place.example/authorize?${new URLSearchParams({ state, redirect_uri: returnUrl })}`,
  arrive: async ({ query }, { identifiers }) => ({
    drafts: [visited({ id: query.code, at: new Date(), identifiers, properties: { venue: 'Shibuya', minutes: 1 } })],
  }),
});

// Settings: what is written in enishi.config.ts, and what setup is given once defaults are filled in.
const place = definePlugin({
  name: 'place',
  description: 'Places.',
  config: z.object({ apiKey: secret(), baseUrl: z.url().default('https://place.example') }),
  events: [visited],
  traits: [rank, points],
  computedTraits: [spent, visits, lastVisit],
  setup: (config) => {
    expectTypeOf(config).toEqualTypeOf<{ apiKey: string; baseUrl: string }>();
    return {};
  },
});
expectTypeOf(place({ apiKey: 'k' })).toEqualTypeOf<Plugin>();
// @ts-expect-error the key is missing
place({});

// A resolver's context answers events of the type it is given.
export async function newest(context: Context): Promise<void> {
  const [visit] = await context.events('customer', visited, 1);
  expectTypeOf(visit?.properties).toEqualTypeOf<{ venue: string; minutes: number } | undefined>();
}
