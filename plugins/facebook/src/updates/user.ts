import type { Draft } from '@enishi/plugin-sdk';
import { accountOf, tokenOf } from '../account.ts';
import { graphFor } from '../graph/graph.ts';
import { readFriends } from '../history/friends.ts';
import { readLikes } from '../history/likes.ts';
import { refused } from '../history/refused.ts';
import type { Entry } from './envelope.ts';
import type { Work } from './webhook.ts';

/** Something about a connected account changed. The notification says only what, so the newest page of it is read, where that is permitted. */
export async function userChangesIn(entry: Entry, { settings, desk }: Work): Promise<Draft[]> {
  const user = entry.id;
  const [account, token] = await Promise.all([accountOf(desk, user), tokenOf(desk, user)]);
  if (account === undefined || token === undefined) return [];
  const changed = new Set([...entry.changed_fields, ...entry.changes.map(({ field }) => field)]);
  const wants = (field: string, permission: string): boolean => changed.has(field) && account.granted.includes(permission);
  const reading = { graph: graphFor(settings, desk), token, user, log: desk.log };
  try {
    const likes = wants('likes', 'user_likes') ? (await readLikes(reading, {})).drafts : [];
    if (!wants('friends', 'user_friends')) return likes;
    return [...likes, ...(await readFriends(reading, { desk, at: desk.now() }))];
  } catch (error) {
    return [await refused(error, { desk, user })];
  }
}
