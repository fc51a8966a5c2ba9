import { ComeBackLater, type Desk, GiveUp } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { pauseIn } from '../failure.ts';
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
  iss: z.literal('https://access.line.me'),
  sub: z.string().min(1),
  aud: z.string(),
  exp: z.number(),
  nonce: z.string().optional(),
  name: z.string().optional(),
  email: z.string().optional(),
});

export type IdToken = z.output<typeof idToken>;

/** `POST /oauth2/v2.1/token`. The scopes are those the person granted, which may be fewer than were asked for. */
export async function exchangeCode({ code, verifier, returnUrl }: Code, at: At) {
  const { channelId: client_id, channelSecret: client_secret } = at.settings;
  const form = { grant_type: 'authorization_code', code, redirect_uri: returnUrl, client_id, client_secret, code_verifier: verifier };
  const { access_token: accessToken, id_token, scope } = await ask('/oauth2/v2.1/token', { form, shape: tokens }, at);
  return { accessToken, idToken: id_token, scopes: scope.split(' ').filter(Boolean) };
}

/** `POST /oauth2/v2.1/verify`: LINE checks its own signature, whichever algorithm the channel uses; the rest is checked here again. */
export async function verifyIdToken(token: string, nonce: string, at: At): Promise<IdToken> {
  const { channelId: client_id } = at.settings;
  const claims = await ask('/oauth2/v2.1/verify', { form: { id_token: token, client_id, nonce }, shape: idToken }, at);
  if (claims.aud !== client_id || claims.nonce !== nonce) throw new GiveUp('the ID token was made for another log-in');
  if (claims.exp * 1000 <= at.desk.now().getTime()) throw new GiveUp('the ID token has lapsed');
  return claims;
}

/** `GET /friendship/v1/status`; `undefined` where the Login channel has no Official Account linked to it. */
export async function friendship(accessToken: string, { place, desk }: At): Promise<boolean | undefined> {
  const headers = { authorization: `Bearer ${accessToken}` };
  const reply = await desk.fetch(new URL('/friendship/v1/status', place.apiUrl), { headers, signal: desk.signal });
  if (!reply.ok) return void (await reply.body?.cancel());
  return z.object({ friendFlag: z.boolean() }).safeParse(await jsonOf(reply)).data?.friendFlag;
}

interface Question<TAnswer> {
  readonly form: Readonly<Record<string, string>>;
  readonly shape: z.ZodType<TAnswer>;
}

async function ask<TAnswer>(path: string, { form, shape }: Question<TAnswer>, { place, desk }: At): Promise<TAnswer> {
  const reply = await desk.fetch(new URL(path, place.apiUrl), { method: 'POST', body: new URLSearchParams(form), signal: desk.signal });
  if (reply.status === 429 || reply.status >= 500) {
    await reply.body?.cancel();
    throw new ComeBackLater(pauseIn(reply.headers).afterSeconds ?? 5, `LINE Login answers ${reply.status}`);
  }
  const body = await jsonOf(reply);
  if (!reply.ok) throw new GiveUp(`LINE Login answers ${reply.status}: ${refusal.safeParse(body).data?.error_description ?? 'no reason'}`);
  const answer = shape.safeParse(body);
  if (!answer.success) throw new GiveUp(`LINE Login answers ${path} with something else than it should`);
  return answer.data;
}

const refusal = z.looseObject({ error_description: z.string() });

const jsonOf = async (reply: Response): Promise<unknown> => {
  try {
    return JSON.parse(await reply.text());
  } catch {
    return undefined;
  }
};
