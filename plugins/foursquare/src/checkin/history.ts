import { createHash } from 'node:crypto';
import { type BackfillSource, backfill, type Desk, type Draft, GiveUp, type Pageful } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { forgetAccount, keepTally, tallyOf, tokenOf } from '../account.ts';
import { ask } from '../api/api.ts';
import { TokenRefused } from '../api/fault.ts';
import { disconnected } from '../events/account.ts';
import { historyRead } from '../events/checkin.ts';
import { decisions } from '../scopes.ts';
import type { Settings } from '../settings.ts';
import { mayTake, type SentCheckin, sentCheckin, toDraft } from './checkin.ts';
import { added, type Counts, countsOf, interestsOf, ranked } from './tally.ts';

const options = z.object({
  user: z.string().describe('The account: a `foursquare.user` that is connected.'),
  since: z.iso.date().optional().describe('Only check-ins from this day on, UTC. Default all.'),
});

const cursor = z.object({
  offset: z.int(),
  /** Unix seconds. It stays where reading began, so that new check-ins do not push old ones over the edge of a page. */
  before: z.int(),
  read: z.int(),
  counts: z.record(z.string(), z.tuple([z.string(), z.number()])),
});

type Cursor = z.output<typeof cursor>;

interface Reading {
  readonly user: string;
  readonly token: string;
  readonly after: number | undefined;
  readonly settings: Settings;
  readonly desk: Desk;
}

/** Every check-in of one connected account, newest first, booked with the push: what it brought already is a duplicate. */
export const historyBackfill = (settings: Settings): BackfillSource =>
  backfill({
    description: 'The check-ins of one connected account, from the newest back to the first.',
    options,
    cursor,
    sameAs: 'push',
    read: async ({ user, since }, stored, desk) => {
      const token = await tokenOf(desk, user);
      if (token === undefined) throw new GiveUp(`The Foursquare account ${user} is not connected.`);
      const after = since === undefined ? undefined : new Date(since).getTime() / 1000;
      const at = stored ?? (await begin(user, desk));
      try {
        return await readPage(at, { user, token, after, settings, desk });
      } catch (error) {
        if (!(error instanceof TokenRefused)) throw error;
        return { drafts: [await gone(user, { settings, desk })], cursor: at, more: false };
      }
    },
  });

/** From here on the push counts by itself, and what lies before is counted by this reading: nothing twice, nothing never. */
async function begin(user: string, desk: Desk): Promise<Cursor> {
  const before = Math.floor(desk.now().getTime() / 1000);
  await keepTally(desk, user, { counts: {}, seen: [], since: before });
  return { offset: 0, before, read: 0, counts: {} };
}

const page = z.object({ checkins: z.looseObject({ count: z.int().optional(), items: z.array(z.unknown()).default([]) }) });
/** Foursquare says 250 and often gives 100, so the next page begins behind what came, not behind what was asked for. */
const pageSize = 250;

async function readPage(at: Cursor, reading: Reading): Promise<Pageful<Cursor>> {
  const { user, token, after, settings, desk } = reading;
  const parameters = {
    limit: String(pageSize),
    offset: String(at.offset),
    sort: 'newestfirst',
    beforeTimestamp: String(at.before),
    ...(after !== undefined && { afterTimestamp: String(after) }),
  };
  const { checkins } = await ask({ path: 'users/self/checkins', shape: page, parameters, token }, settings, desk);
  const taken = checkins.items.flatMap((item) => readable(item, desk)).filter((sent) => mayTake(sent, settings));
  const drafts = taken.map((sent) => toDraft(sent, { user }, settings));
  const offset = at.offset + checkins.items.length;
  const next: Cursor = { ...at, offset, read: at.read + taken.length, counts: mutable(added(at.counts, countsOf(taken))) };
  const more = checkins.items.length > 0 && offset < (checkins.count ?? Number.POSITIVE_INFINITY);
  return more ? { drafts, cursor: next, more } : { drafts: [...drafts, await summed(next, reading)], cursor: next, more };
}

const mutable = (counts: Counts): Cursor['counts'] =>
  Object.fromEntries(Object.entries(counts).map(([id, [name, number]]) => [id, [name, number]]));

/** One odd check-in of ten years ago must not hide the others. */
function readable(item: unknown, desk: Desk): SentCheckin[] {
  const sent = sentCheckin.safeParse(item);
  if (sent.success) return [sent.data];
  desk.log.warn('A check-in of the history cannot be read.', {
    id: (item as { id?: unknown } | null)?.id,
    reason: sent.error.issues[0]?.message,
  });
  return [];
}

/** What they all say together, told now: told with the check-ins, the last one read would look like the oldest. */
async function summed({ before, read, counts }: Cursor, { user, settings, desk }: Reading): Promise<Draft> {
  const tally = await tallyOf(desk, user);
  const all = tally.read === before ? tally.counts : added(counts, tally.counts);
  await keepTally(desk, user, { ...tally, counts: all, read: before });
  const at = desk.now();
  // Read twice on one day with one result, it is the same news.
  const result = createHash('sha256')
    .update(JSON.stringify(ranked(counts)))
    .digest('hex')
    .slice(0, 16);
  return historyRead({
    id: `history:${user}:${at.toISOString().slice(0, 10)}:${result}`,
    at,
    identifiers: { 'foursquare.user': user },
    properties: { checkins: read, categories: ranked(counts) },
    traits: interestsOf(all, settings.topCategories),
  });
}

async function gone(user: string, { settings, desk }: Pick<Reading, 'settings' | 'desk'>): Promise<Draft> {
  await forgetAccount(desk, user);
  const at = desk.now();
  return disconnected({
    id: `disconnected:${user}:${at.toISOString()}`,
    at,
    identifiers: { 'foursquare.user': user },
    properties: { user_id: user },
    consents: decisions({ state: 'WITHDRAWN', evidence: { by: 'Foursquare refuses the token of the account' } }, settings),
  });
}
