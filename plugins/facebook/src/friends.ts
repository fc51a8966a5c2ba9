import type { Desk, Draft } from '@enishi/plugin-sdk';
import { accountOf } from './account.ts';
import { friendsListed, mostFriends } from './events/history.ts';
import { inTurns } from './in-turns.ts';
import { friendCount } from './traits.ts';

const friendsKey = (user: string): string => `friends:${user}`;
const keptFriends = async (desk: Desk, user: string): Promise<readonly string[]> =>
  (await desk.state.get<string[]>(friendsKey(user))) ?? [];

/** Whether this account is connected and lets its friendships be known. */
export const permitsFriends = async (desk: Desk, user: string): Promise<boolean> =>
  (await accountOf(desk, user))?.granted.includes('user_friends') === true;

/** Of these accounts, those whose owners permit it too. A friendship belongs to two people: one of them cannot give it away. */
export async function mutual(desk: Desk, users: readonly string[]): Promise<string[]> {
  const permitted = await inTurns(users, 20, (user) => permitsFriends(desk, user));
  return users.filter((_, place) => permitted[place]);
}

interface Change {
  readonly user: string;
  readonly at: Date;
  /** Makes the ids of the events; the same when the same is done again. */
  readonly cause: string;
}

/** Makes these the person's friends, on both sides: whoever is new among them lists the person too, whoever is gone does no longer. */
export async function listFriends(desk: Desk, { user, at, cause }: Change, friends: readonly string[]): Promise<Draft[]> {
  const now = friends.slice(0, mostFriends);
  const before = await keptFriends(desk, user);
  const others = [...new Set([...before, ...now])];
  await desk.state.set(friendsKey(user), now);
  const drafts = [listed({ user, at, cause }, now)];
  for (const other of others) {
    const theirs = (await keptFriends(desk, other)).filter((one) => one !== user);
    const list = now.includes(other) ? [...theirs, user].slice(-mostFriends) : theirs;
    await desk.state.set(friendsKey(other), list);
    drafts.push(listed({ user: other, at, cause: `${cause}:${user}` }, list));
  }
  return drafts;
}

/** Ends all friendships of somebody who permits them no longer. */
export async function forgetFriends(desk: Desk, change: Change): Promise<Draft[]> {
  const drafts = await listFriends(desk, change, []);
  await desk.state.delete(friendsKey(change.user));
  return drafts;
}

const listed = ({ user, at, cause }: Change, friends: readonly string[]): Draft =>
  friendsListed({
    id: `friends:${user}:${cause}`,
    at,
    identifiers: { 'facebook.user': user },
    properties: { user_id: user, friends: [...friends] },
    traits: [friendCount(friends.length)],
  });
