import { type BackfillSource, backfill } from '@enishi/plugin-sdk';
import { z } from 'zod';
import type { Ask } from './api.ts';
import { givenByFollowing } from './consent.ts';
import { consentAssumed, friendListed } from './events.ts';
import { patiently } from './failure.ts';
import { friend } from './person.ts';
import type { Settings } from './settings.ts';

/**
 * When they became friends is not known, only that it was before. Dated so early, what being a friend permits gives way to every
 * decision they made since: dated now, it would give back what somebody withdrew last month.
 */
const longAgo = new Date('1970-01-02T00:00:00Z');

/**
 * The friends the account had before its webhook came here: `GET /v2/bot/followers/ids`, for verified and premium accounts.
 * They asked for messages when they followed; no more is read out of it than following gives, and only with `consent`.
 */
export const lineFollowers = ({ follow }: Settings, ask: Ask): BackfillSource =>
  backfill({
    description: 'The friends the account has now.',
    options: z.strictObject({
      consent: z
        .boolean()
        .default(true)
        .describe('Whether being a friend counts as the consent that following gives, where somebody has decided nothing else.'),
    }),
    cursor: z.string(),
    read: async ({ consent }, cursor, desk) => {
      // Before the list is asked for: who blocks the account meanwhile is no friend.
      const at = desk.now();
      const { userIds, next } = await patiently(() => ask(desk, ({ messaging }) => messaging.getFollowers(cursor, 500)));
      const evidence = { kind: 'line-friend-list', at: at.toISOString() };
      const drafts = userIds.flatMap((userId) => {
        const whose = { identifiers: { 'line.user': userId }, properties: {} };
        const listed = friendListed({ ...whose, id: `friend/${userId}`, at, traits: [friend(true)] });
        if (!consent) return [listed];
        const consents = givenByFollowing({ ...follow, evidence });
        return [listed, consentAssumed({ ...whose, id: `friend/${userId}/consent`, at: longAgo, consents })];
      });
      return { drafts, cursor: next ?? '', more: next !== undefined };
    },
  });
