import { createHash } from 'node:crypto';
import {
  type AccountLinkSource,
  accountLink,
  type Connected,
  type Departure,
  type Desk,
  GiveUp,
  type RawRequest,
} from '@enishi/plugin-sdk';
import { z } from 'zod';
import { accountOf, decisions, keepAccount, keepToken } from '../account.ts';
import { accountLinked } from '../events/account.ts';
import { forgetFriends } from '../friends.ts';
import { type Graph, graphFor } from '../graph/graph.ts';
import type { Settings } from '../settings.ts';
import { fieldsFor, profile, traitsOf } from './profile.ts';
import { exchangeCode } from './tokens.ts';

/** "Connect with Facebook": asks for the permissions in the settings and keeps exactly what was granted and what was declined. */
export const loginLink = (settings: Settings): AccountLinkSource =>
  accountLink({
    description: 'A person connects their Facebook account and decides which data may be taken.',
    depart: (departure) => dialogUrl(settings, departure),
    arrive: (request, departure, desk) => arrive({ request, departure, desk }, settings),
  });

function dialogUrl({ dialogUrl: base, version, appId, permissions }: Settings, { state, returnUrl }: Departure): string {
  const url = new URL(`${base.replace(/\/$/, '')}/${version}/dialog/oauth`);
  const parameters = { client_id: appId, redirect_uri: returnUrl, state, response_type: 'code', scope: permissions.join(',') };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

interface Arrival {
  readonly request: RawRequest;
  readonly departure: Departure;
  readonly desk: Desk;
}

const worthReading = ['user_likes', 'user_posts', 'user_friends'];

async function arrive({ request, departure, desk }: Arrival, settings: Settings): Promise<Connected> {
  const { code } = request.query;
  if (request.query.error !== undefined || code === undefined) throw new GiveUp('The person did not connect their Facebook account.');
  const graph = graphFor(settings, desk, { rests: false });
  const { token, user, expiresAt } = await exchangeCode(code, departure.returnUrl, { graph, settings });
  const { granted, declined } = await permissionsOf(graph, token);
  const known = await graph.get('me', profile, { fields: fieldsFor(granted), access_token: token });
  const at = desk.now();
  const before = await accountOf(desk, user);
  await keepToken(desk, user, token);
  await keepAccount(desk, user, { granted, declined, linkedAt: at.toISOString() });
  const evidence = { by: 'Facebook Login', app_id: settings.appId, version: settings.version, asked: settings.permissions };
  const draft = accountLinked({
    id: `linked:${user}:${createHash('sha256').update(code).digest('hex').slice(0, 32)}`,
    at,
    identifiers: { ...departure.identifiers, ...whoIs(departure, known.email), 'facebook.user': user },
    properties: { user_id: user, granted, declined, token_expires_at: expiresAt?.toISOString() },
    traits: traitsOf(known),
    consents: [
      ...decisions(granted, { state: 'GIVEN', evidence }, settings),
      ...decisions(declined, { state: 'REFUSED', evidence }, settings),
    ],
  });
  const more = worthReading.some((permission) => granted.includes(permission));
  const endsFriendships = before?.granted.includes('user_friends') === true && !granted.includes('user_friends');
  const friends = endsFriendships ? await forgetFriends(desk, { user, at, cause: `linked:${at.toISOString()}` }) : [];
  return { drafts: [draft, ...friends], ...(more && { backfill: { source: 'history', options: { user } } }) };
}

/** The person's own address stays in front of the one Facebook has of them: one event carries one. */
const whoIs = ({ identifiers }: Departure, email: string | undefined): { email?: string } =>
  identifiers.email === undefined && email !== undefined ? { email } : {};

const permissionList = z.object({ data: z.array(z.looseObject({ permission: z.string(), status: z.string() })) });

/** What the person decided about, as Facebook has it: not what was asked for. An expired grant is none. */
export async function permissionsOf(graph: Graph, token: string): Promise<{ granted: string[]; declined: string[] }> {
  const { data } = await graph.get('me/permissions', permissionList, { access_token: token });
  const named = (wanted: boolean) => data.filter(({ status }) => (status === 'granted') === wanted).map(({ permission }) => permission);
  return { granted: named(true), declined: named(false) };
}
