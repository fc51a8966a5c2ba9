import { type BackfillSource, backfill } from '@enishi/plugin-sdk';
import { z } from 'zod';
import type { Ask } from './api.ts';
import { givenByFollowing } from './consent.ts';
import { friendListed } from './events.ts';
import { patiently } from './failure.ts';
import { friend } from './person.ts';
import type { Settings } from './settings.ts';

/**
 * The friends the account had before its webhook came here: `GET /v2/bot/followers/ids`, for verified and premium accounts.
 * They asked for messages when they followed; no more is read out of it than following gives, and only with `consent`.
 */
export const lineFollowers = ({ follow }: Settings, ask: Ask): BackfillSource =>
  backfill({
    description: 'The friends the account has now.',
    options: z.strictObject({
      consent: z.boolean().default(true).describe('Whether being a friend counts as the consent that following gives.'),
    }),
    cursor: z.string(),
    read: async ({ consent }, cursor, desk) => {
      const { userIds, next } = await patiently(() => ask(desk, ({ messaging }) => messaging.getFollowers(cursor, 500)));
      const at = desk.now();
      const consents = consent ? givenByFollowing({ ...follow, evidence: { kind: 'line-friend-list', at: at.toISOString() } }) : [];
      return {
        drafts: userIds.map((userId) =>
          friendListed({
            id: `friend/${userId}`,
            at,
            identifiers: { 'line.user': userId },
            properties: {},
            traits: [friend(true)],
            consents,
          }),
        ),
        cursor: next ?? '',
        more: next !== undefined,
      };
    },
  });
