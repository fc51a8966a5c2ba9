import { ComeBackLater, type Desk, GiveUp } from '@enishi/plugin-sdk';
import { z } from 'zod';
import type { Settings } from '../settings.ts';
import { envelope, faultOf, wrongAnswer } from './fault.ts';

export interface Question<TAnswer> {
  /** Below `/v2/`. */
  readonly path: string;
  readonly shape: z.ZodType<TAnswer>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly token: string;
}

/** Asks the v2 API as a user. Throws `TokenRefused`, `ComeBackLater` or `GiveUp`. */
export async function ask<TAnswer>(
  { path, shape, parameters = {}, token }: Question<TAnswer>,
  settings: Settings,
  desk: Desk,
): Promise<TAnswer> {
  const url = new URL(`${settings.apiUrl.replace(/\/$/, '')}/v2/${path}`);
  const { version: v, locale, tokenIn } = settings;
  const own = { v, ...(locale !== undefined && { locale }), ...(tokenIn === 'query' && { oauth_token: token }) };
  for (const [name, value] of Object.entries({ ...parameters, ...own })) url.searchParams.set(name, value);
  const reply = await call(url, desk, tokenIn === 'header' ? { authorization: `Bearer ${token}` } : {});
  const answer = envelope.safeParse(await jsonOf(reply));
  if (!answer.success) throw wrongAnswer(reply);
  const { meta, response } = answer.data;
  // A word such as `deprecated` beside a code of 200 is only a warning.
  if (meta.code !== 200 || !reply.ok) throw faultOf(meta, reply.headers);
  return shaped(shape, response);
}

const token = z.union([z.object({ access_token: z.string().min(1) }), z.object({ error: z.string() })]);

/** The user's token behind the code that came back. It never expires. */
export async function exchangeCode(
  code: string,
  { returnUrl, settings }: { returnUrl: string; settings: Settings },
  desk: Desk,
): Promise<string> {
  const url = new URL(`${settings.siteUrl.replace(/\/$/, '')}/oauth2/access_token`);
  const { clientId: client_id, clientSecret: client_secret } = settings;
  const parameters = { client_id, client_secret, grant_type: 'authorization_code', redirect_uri: returnUrl, code };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const reply = await call(url, desk, {});
  const answer = shaped(token, await jsonOf(reply));
  if ('error' in answer) throw new GiveUp(`Foursquare gives no token for the code: ${answer.error.slice(0, 100)}`);
  return answer.access_token;
}

function shaped<TAnswer>(shape: z.ZodType<TAnswer>, answer: unknown): TAnswer {
  const found = shape.safeParse(answer);
  if (!found.success) throw new GiveUp(`Foursquare answered in an unknown shape: ${found.error.issues[0]?.message}`);
  return found.data;
}

/** The address carries tokens, so the error of a failed connection is not passed on: it may quote the address. */
async function call(url: URL, desk: Desk, headers: Readonly<Record<string, string>>): Promise<Response> {
  try {
    return await desk.fetch(url, { headers: { accept: 'application/json', ...headers } });
  } catch (error) {
    throw error instanceof TypeError && !desk.signal.aborted ? new ComeBackLater(60, 'Foursquare cannot be reached') : error;
  }
}

async function jsonOf(reply: Response): Promise<unknown> {
  const text = await reply.text().catch(() => {
    throw new ComeBackLater(60, 'Foursquare hung up in the middle of its answer');
  });
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw wrongAnswer(reply);
  }
}
