import { namespace, segment, trait, where } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { profileData } from './events.ts';

/** LINE gives the same person another id for each provider: channels whose ids shall meet must belong to one. */
export const lineUser = namespace('line.user', {
  description: 'User id of LINE, as the provider of the channel knows it: U and 32 hexadecimal digits.',
  normalise: (raw) => /^U[0-9a-f]{32}$/.exec(raw.trim())?.[0],
});

export const friend = trait('line.friend', z.boolean(), {
  description: 'Whether they are a friend of the account and have not blocked it.',
});

export const displayName = trait('line.displayName', z.string().max(200), {
  description: 'Name on the LINE account, from LINE Login.',
  scope: profileData,
});

export const friends = segment('line-friends', 'LINE friends', where(friend).is(true));
export const blockers = segment('line-blocked', 'Blocked us on LINE', where(friend).is(false));
