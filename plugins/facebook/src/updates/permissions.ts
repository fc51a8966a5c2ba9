import type { Draft } from '@enishi/plugin-sdk';
import { z } from 'zod';
import {
  type Account,
  accountOf,
  allWithdrawn,
  decisions,
  dropToken,
  endsAll,
  isConnectedSince,
  keepAccount,
  type Turn,
  tokenOf,
  turned,
} from '../account.ts';
import { permissionsChanged } from '../events/account.ts';
import { forgetFriends } from '../friends.ts';
import { TokenRefused } from '../graph/fault.ts';
import { graphFor } from '../graph/graph.ts';
import { permissionsOf } from '../login/link.ts';
import { type Entry, instant } from './envelope.ts';
import type { Work } from './webhook.ts';

const change = z.looseObject({ verb: z.enum(['granted', 'revoked']) });

type Named = Pick<Turn, 'permission' | 'granted'>;

/** What a person changed in the settings of Facebook. */
export async function permissionChangesIn(entry: Entry, work: Work): Promise<Draft[]> {
  const drafts: Draft[] = [];
  for (const each of [...named(entry), ...(await askedFor(entry, work))]) drafts.push(...(await told(each, entry, work)));
  return drafts;
}

const named = (entry: Entry): Named[] =>
  entry.changes.flatMap(({ field, value }) => {
    const found = change.safeParse(value);
    return found.success ? [{ permission: field, granted: found.data.verb === 'granted' }] : [];
  });

/** An app that takes notifications without values hears only which permission changed. Where Facebook does not tell more, it counts as taken back. */
async function askedFor({ id: user, changed_fields }: Entry, { settings, desk }: Work): Promise<Named[]> {
  if (changed_fields.length === 0) return [];
  const token = await tokenOf(desk, user);
  const granted = token === undefined ? [] : await permissionsOf(graphFor(settings, desk), token).then((found) => found.granted, orNone);
  return changed_fields.map((permission) => ({ permission, granted: granted.includes(permission) }));
}

function orNone(error: unknown): string[] {
  if (error instanceof TokenRefused) return [];
  throw error;
}

// An account that never was connected here, or no longer is, is not made one by a notice that comes late.
const unknown: Account = { granted: [], declined: [], linkedAt: new Date(0).toISOString() };

async function told({ permission, granted }: Named, { id: user, time = 0 }: Entry, { settings, desk }: Work): Promise<Draft[]> {
  const turn: Turn = { permission, granted, at: instant(time) };
  const { at } = turn;
  const evidence = { by: 'Facebook settings', at: at.toISOString() };
  const before = await accountOf(desk, user);
  const account = turned(before ?? unknown, turn);
  if (before !== undefined) await keepAccount(desk, user, account);
  const over = endsAll(turn);
  if (over && !isConnectedSince(before ?? unknown, at)) await dropToken(desk, user);
  const cause = `${permission}:${granted ? 'granted' : 'revoked'}:${time}`;
  const draft = permissionsChanged({
    id: `permission:${user}:${cause}`,
    at,
    identifiers: { 'facebook.user': user },
    properties: {
      user_id: user,
      permission,
      verb: granted ? 'granted' : 'revoked',
      granted: [...account.granted],
      declined: [...account.declined],
    },
    consents: over
      ? allWithdrawn(evidence, settings)
      : decisions([permission], { state: granted ? 'GIVEN' : 'WITHDRAWN', evidence }, settings),
  });
  const endsFriendships = (over || (permission === 'user_friends' && !granted)) && !account.granted.includes('user_friends');
  return [draft, ...(endsFriendships ? await forgetFriends(desk, { user, at, cause }) : [])];
}
