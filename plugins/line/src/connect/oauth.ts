import { AskRefused, askJson, type Desk, GiveUp } from '@enishi/plugin-sdk';
import { z } from 'zod';
import type { LoginSettings, Settings } from '../settings.ts';

/** Where LINE Login is. */
export type LoginPlace = Pick<Settings, 'apiUrl' | 'accessUrl'>;

export interface At {
  readonly settings: LoginSettings;
  readonly place: LoginPlace;
  readonly desk: Desk;
}

export interface Code {
  readonly code: string;
  readonly verifier: string;
  readonly returnUrl: string;
}

const tokens = z.looseObject({ access_token: z.string(), id_token: z.string(), scope: z.string().default('') });

const idToken = z.looseObject({
  iss: z.string(),
  sub: z.string().min(1),
  aud: z.string(),
  exp: z.number(),
  nonce: z.string().optional(),
  name: z.string().optional(),
  email: z.string().optional(),
});

export type IdToken = z.output<typeof idToken>;

const partner = 'LINE Login';

/** `POST /oauth2/v2.1/token`. The scopes are those the person granted, which may be fewer than were asked for. */
export async function exchangeCode({ code, verifier, returnUrl }: Code, { settings, place, desk }: At) {
  const { channelId: client_id, channelSecret: client_secret } = settings;
  const form = { grant_type: 'authorization_code', code, redirect_uri: returnUrl, client_id, client_secret, code_verifier: verifier };
  const answer = await askJson(desk, {
    partner,
    url: new URL('/oauth2/v2.1/token', place.apiUrl),
    method: 'POST',
    body: new URLSearchParams(form),
    answer: tokens,
  });
  return { accessToken: answer.access_token, idToken: answer.id_token, scopes: answer.scope.split(' ').filter(Boolean) };
}

/** `POST /oauth2/v2.1/verify`: LINE checks its own signature, whichever algorithm the channel uses; the rest is checked here again. */
export async function verifyIdToken(token: string, nonce: string, { settings, place, desk }: At): Promise<IdToken> {
  const { channelId: client_id } = settings;
  const claims = await askJson(desk, {
    partner,
    url: new URL('/oauth2/v2.1/verify', place.apiUrl),
    method: 'POST',
    body: new URLSearchParams({ id_token: token, client_id, nonce }),
    answer: idToken,
  });
  const made = claims.iss === 'https://access.line.me' && claims.aud === client_id && claims.nonce === nonce;
  if (!made) throw new GiveUp('the ID token was made for another log-in');
  if (claims.exp * 1000 <= desk.now().getTime()) throw new GiveUp('the ID token has lapsed');
  return claims;
}

/** `GET /friendship/v1/status`; `undefined` where the Login channel has no Official Account linked to it. */
export async function friendship(accessToken: string, { place, desk }: At): Promise<boolean | undefined> {
  try {
    const { friendFlag } = await askJson(desk, {
      partner,
      url: new URL('/friendship/v1/status', place.apiUrl),
      headers: { authorization: `Bearer ${accessToken}` },
      answer: z.looseObject({ friendFlag: z.boolean() }),
    });
    return friendFlag;
  } catch (error) {
    if (error instanceof AskRefused) return undefined;
    throw error;
  }
}
