import { createHmac } from 'node:crypto';
import { ComeBackLater, type Desk, GiveUp } from '@enishi/plugin-sdk';
import type { z } from 'zod';
import { readJson } from '../lossless.ts';
import type { Settings } from '../settings.ts';
import { faultOf, graphError, usedUp } from './fault.ts';

export type Parameters = Readonly<Record<string, string>>;

/** The Graph API as one call may use it. */
export interface Graph {
  /**
   * Reads one object or page. Throws `TokenRefused`, `ComeBackLater` where Facebook is busy, limits the calls or answers
   * what is no JSON, and `GiveUp` where it refuses or answers in another shape.
   */
  get<TAnswer>(path: string, shape: z.ZodType<TAnswer>, parameters: Parameters): Promise<TAnswer>;
}

export type GraphSettings = Pick<Settings, 'appId' | 'appSecret' | 'graphUrl' | 'version'>;

/** Above this share of what the app may ask for, everything rests: at 100 % Facebook refuses all calls of the app for up to an hour. */
const almostUsedUp = 95;
const restSeconds = 300;
const resting = 'graph-resting';

/** The Graph API from this desk. Reading in the background rests when the calls are almost used up; with `rests: false` a person is waiting and it does not. */
export const graphFor = (settings: GraphSettings, desk: Desk, { rests = true }: { readonly rests?: boolean } = {}): Graph => ({
  async get(path, shape, parameters) {
    if (rests && (await desk.state.get(resting)) !== undefined)
      throw new ComeBackLater(restSeconds, 'the calls to Facebook are almost used up');
    const reply = await ask(addressOf(path, parameters, settings), desk);
    if (usedUp(reply.headers) >= almostUsedUp) {
      await desk.state.set(resting, true, { forSeconds: restSeconds });
      desk.log.warn('The calls to Facebook are almost used up; it is left alone for a while.', { used: usedUp(reply.headers) });
    }
    const answer = jsonOf(await textOf(reply), reply);
    const refusal = graphError.safeParse(answer);
    if (refusal.success) throw faultOf(refusal.data.error, reply.headers);
    if (!reply.ok) throw wrongAnswer(reply);
    const shaped = shape.safeParse(answer);
    if (!shaped.success)
      throw new GiveUp(`Facebook answered in another shape than ${settings.version} has: ${shaped.error.issues[0]?.message}`);
    return shaped.data;
  },
});

/** The token of the app itself, for questions about other tokens. */
export const appToken = ({ appId, appSecret }: GraphSettings): string => `${appId}|${appSecret}`;

/** Proves that who asks with this token also knows the app's secret: hex HMAC-SHA256 of the token. */
export const appSecretProof = (appSecret: string, token: string): string => createHmac('sha256', appSecret).update(token).digest('hex');

function addressOf(path: string, parameters: Parameters, settings: GraphSettings): URL {
  const url = new URL(`${settings.graphUrl.replace(/\/$/, '')}/${settings.version}/${path}`);
  const token = parameters.access_token;
  const proof = token === undefined ? {} : { appsecret_proof: appSecretProof(settings.appSecret, token) };
  for (const [name, value] of Object.entries({ ...parameters, ...proof })) url.searchParams.set(name, value);
  return url;
}

/** The address carries tokens, so the error of a failed connection is not passed on: it may quote the address. */
async function ask(url: URL, desk: Desk): Promise<Response> {
  try {
    return await desk.fetch(url, { headers: { accept: 'application/json' } });
  } catch (error) {
    throw isBroken(error, desk) ? new ComeBackLater(60, 'Facebook cannot be reached') : error;
  }
}

const isBroken = (error: unknown, { signal }: Desk): boolean => error instanceof TypeError && !signal.aborted;

async function textOf(reply: Response): Promise<string> {
  try {
    return await reply.text();
  } catch {
    throw new ComeBackLater(60, 'Facebook hung up in the middle of its answer');
  }
}

function jsonOf(text: string, reply: Response): unknown {
  try {
    return readJson(text);
  } catch {
    throw wrongAnswer(reply);
  }
}

/** What stands between Facebook and us (a proxy, a gateway) answers in words of its own. */
function wrongAnswer({ status, headers }: Response): Error {
  const message = `Facebook answered ${status} with what is not an answer of the Graph API`;
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return new GiveUp(message);
  const seconds = Number(headers.get('retry-after') ?? '');
  return new ComeBackLater(seconds > 0 ? seconds : 60, message);
}
