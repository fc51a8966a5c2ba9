import { createHmac } from 'node:crypto';
import type { Desk } from '@enishi/plugin-sdk';
import { hear } from '../reply.ts';
import type { MetaSettings } from '../settings.ts';
import type { Failure } from '../thrown.ts';
import { failureOf, namesNothing } from './failure.ts';
import { restSeconds } from './usage.ts';

export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the version, such as `/123/users`. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Meta did it, or the one outcome that everything in the call shares. */
export type Answer =
  | { readonly ok: true; readonly body: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly outcome: Failure; readonly namesNothing: boolean };

/** hex HMAC-SHA256 of the token under the app's secret: proves that the caller is the app and not somebody with a stolen token. */
export const appSecretProof = (accessToken: string, appSecret: string): string =>
  createHmac('sha256', appSecret).update(accessToken).digest('hex');

const restKey = 'meta.rest';

/** Calls the Graph API. The token travels in the body where there is one, so that it stands in no address and no log of addresses. */
export async function callGraph(settings: MetaSettings, call: Call, desk: Desk): Promise<Answer> {
  const { accessToken, appSecret, baseUrl, version } = settings;
  const proof = appSecret === undefined ? {} : { appsecret_proof: appSecretProof(accessToken, appSecret) };
  const url = new URL(`/${version}${call.path}`, baseUrl);
  const keys = { access_token: accessToken, ...proof };
  if (call.method === 'GET') for (const [name, value] of Object.entries(keys)) url.searchParams.set(name, value);
  const { reply, body } = await hear(desk, url, {
    method: call.method,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: call.method === 'GET' ? null : JSON.stringify({ ...call.body, ...keys }),
  });
  const rest = restSeconds(reply.headers);
  if (rest !== undefined) await desk.state.set(restKey, desk.now().getTime() + rest * 1000, { forSeconds: rest });
  if (reply.ok && body !== undefined && body.error === undefined) return { ok: true, body };
  return { ok: false, outcome: failureOf(reply, body), namesNothing: namesNothing(body) };
}

/** Seconds Meta asked to be left alone for, over all processes; 0 where it may be called. */
export async function secondsToRest(desk: Desk): Promise<number> {
  const until = (await desk.state.get<number>(restKey)) ?? 0;
  return Math.max(0, Math.ceil((until - desk.now().getTime()) / 1000));
}
