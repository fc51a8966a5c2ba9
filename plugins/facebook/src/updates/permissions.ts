import type { Draft } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { type Account, accountOf, allWithdrawn, decisions, dropToken, keepAccount, tokenOf, withPermission } from '../account.ts';
import { permissionsChanged } from '../events/account.ts';
import { forgetFriends } from '../friends.ts';
import { TokenRefused } from '../graph/fault.ts';
import { graphFor } from '../graph/graph.ts';
import { permissionsOf } from '../login/link.ts';
import { permissionNames } from '../permissions.ts';
import { type Entry, instant } from './envelope.ts';
import type { Work } from './webhook.ts';

const change = z.looseObject({ verb: z.enum(['granted', 'revoked']) });

interface Turn {
  readonly permission: string;
  readonly granted: boolean;
}

/** What a person changed in the settings of Facebook. */
export async function permissionChangesIn(entry: Entry, work: Work): Promise<Draft[]> {
  const drafts: Draft[] = [];
  for (const turn of [...named(entry), ...(await askedFor(entry, work))]) drafts.push(...(await turned(turn, entry, work)));
  return drafts;
}

const named = (entry: Entry): Turn[] =>
  entry.changes.flatMap(({ field, value }) => {
    const found = change.safeParse(value);
    return found.success ? [{ permission: field, granted: found.data.verb === 'granted' }] : [];
  });

/** An app that takes notifications without values hears only which permission changed. Where Facebook does not tell more, it counts as taken back. */
async function askedFor({ id: user, changed_fields }: Entry, { settings, desk }: Work): Promise<Turn[]> {
  if (changed_fields.length === 0) return [];
  const token = await tokenOf(desk, user);
  const granted = token === undefined ? [] : await permissionsOf(graphFor(settings, desk), token).then((found) => found.granted, orNone);
  return changed_fields.map((permission) => ({ permission, granted: granted.includes(permission) }));
}

function orNone(error: unknown): string[] {
  if (error instanceof TokenRefused) return [];
  throw error;
}

async function turned({ permission, granted }: Turn, { id: user, time = 0 }: Entry, { settings, desk }: Work): Promise<Draft[]> {
  const at = instant(time);
  const evidence = { by: 'Facebook settings', at: at.toISOString() };
  // `connected` is the app as a whole: without it there is nothing left of what was permitted.
  const over = permission === 'connected' && !granted;
  const before: Account = (await accountOf(desk, user)) ?? { granted: [], declined: [], linkedAt: at.toISOString() };
  const account = over ? { ...before, granted: [], declined: permissionNames } : withPermission(before, permission, granted);
  await keepAccount(desk, user, account);
  if (over) await dropToken(desk, user);
  const cause = `${permission}:${granted ? 'granted' : 'revoked'}:${time}`;
  const draft = permissionsChanged({
    id: `permission:${user}:${cause}`,
    at,
    identifiers: { 'facebook.user': user },
    properties: { user_id: user, granted: [...account.granted], declined: [...account.declined] },
    consents: over
      ? allWithdrawn(evidence, settings)
      : decisions([permission], { state: granted ? 'GIVEN' : 'WITHDRAWN', evidence }, settings),
  });
  const endsFriendships = over || (permission === 'user_friends' && !granted);
  return [draft, ...(endsFriendships ? await forgetFriends(desk, { user, at, cause }) : [])];
}
