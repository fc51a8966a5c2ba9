import { type BackfillSource, backfill, type Desk, type Draft, GiveUp, type Pageful } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { type Account, accountOf, tokenOf } from '../account.ts';
import { graphFor } from '../graph/graph.ts';
import type { Settings } from '../settings.ts';
import { readFriends } from './friends.ts';
import { counted, interestsOf, type Reading, readLikes } from './likes.ts';
import { readPosts } from './posts.ts';
import { refused } from './refused.ts';

const steps = ['likes', 'posts', 'friends'] as const;
type Step = (typeof steps)[number];

const cursor = z.object({
  step: z.enum(steps),
  next: z.record(z.string(), z.string()),
  startedAt: z.iso.datetime(),
  counts: z.record(z.string(), z.number()),
});

type Cursor = z.output<typeof cursor>;

/** What a person permitted to read when they connected: likes, posts and friends, page by page. */
export const historyBackfill = (settings: Settings): BackfillSource =>
  backfill({
    description: 'Likes, own posts and friends of one connected account, as far as its owner permits.',
    options: z.object({ user: z.string().describe('The account: a `facebook.user` that is connected.') }),
    cursor,
    sameAs: 'updates',
    read: async ({ user }, at, desk) => {
      const [account, token] = await Promise.all([accountOf(desk, user), tokenOf(desk, user)]);
      if (account === undefined || token === undefined) throw new GiveUp(`The Facebook account ${user} is not connected.`);
      const place = at ?? firstOf(account, desk.now());
      if (place === undefined) throw new GiveUp(`The Facebook account ${user} permits none of likes, posts and friends.`);
      const reading = { graph: graphFor(settings, desk), token, user, log: desk.log };
      try {
        return await readStep(place, reading, { desk, account });
      } catch (error) {
        return { drafts: [await refused(error, { desk, user })], cursor: place, more: false };
      }
    },
  });

const permits = ({ granted }: Account, step: Step): boolean => granted.includes(`user_${step}`);

/** Permissions are looked at before each page: one that was taken back meanwhile ends its part. */
function after(step: Step | undefined, account: Account): Step | undefined {
  return steps.slice(step === undefined ? 0 : steps.indexOf(step) + 1).find((each) => permits(account, each));
}

function firstOf(account: Account, now: Date): Cursor | undefined {
  const step = after(undefined, account);
  return step && { step, next: {}, startedAt: now.toISOString(), counts: {} };
}

async function readStep(at: Cursor, reading: Reading, { desk, account }: { desk: Desk; account: Account }): Promise<Pageful<Cursor>> {
  const startedAt = new Date(at.startedAt);
  const onward = (drafts: readonly Draft[]): Pageful<Cursor> => {
    const step = after(at.step, account);
    return step === undefined ? { drafts, cursor: at, more: false } : { drafts, cursor: { ...at, step, next: {}, counts: {} }, more: true };
  };
  if (!permits(account, at.step)) return onward([]);
  if (at.step === 'likes') {
    const { drafts, categories, next } = await readLikes(reading, at.next);
    const counts = counted(at.counts, categories);
    if (next !== undefined) return { drafts, cursor: { ...at, next, counts }, more: true };
    return onward([...drafts, interestsOf(reading.user, counts, startedAt)]);
  }
  if (at.step === 'posts') {
    const { drafts, next } = await readPosts(reading, at.next);
    return next === undefined ? onward(drafts) : { drafts, cursor: { ...at, next }, more: true };
  }
  return onward(await readFriends(reading, { desk, at: startedAt }));
}
