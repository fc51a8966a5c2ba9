import type { Desk } from '@enishi/plugin-sdk';
import { hear, textOf } from '../reply.ts';
import type { GoogleSettings } from '../settings.ts';
import type { Failure } from '../thrown.ts';
import { failureOf, refusedMembers } from './failure.ts';
import { serviceAccountTokens } from './token.ts';

export type Answer =
  | { readonly ok: true; readonly body: Readonly<Record<string, unknown>> }
  /** `refused` names single members where only they are the matter. */
  | { readonly ok: false; readonly outcome: Failure; readonly refused: ReadonlyMap<number, string> };

export interface Call {
  /** Such as `/v1/audienceMembers:ingest`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Without one it is a GET. */
  readonly body?: Readonly<Record<string, unknown>>;
}

export type DataManager = (call: Call, desk: Desk) => Promise<Answer>;

/** Calls the Data Manager API as the service account. A token that Google no longer takes is replaced once. */
export function dataManager(settings: GoogleSettings): DataManager {
  const tokens = serviceAccountTokens(settings);
  const once = async ({ path, query = {}, body }: Call, desk: Desk): Promise<Answer & { readonly status?: number }> => {
    const token = await tokens.token(desk);
    if (!token.ok) return { ok: false, outcome: token.outcome, refused: new Map() };
    const url = new URL(path, settings.baseUrl);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const heard = await hear(desk, url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token.token}`, 'content-type': 'application/json', accept: 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (heard.reply.ok && heard.body !== undefined && heard.body.error === undefined) return { ok: true, body: heard.body };
    const outcome = failureOf(heard.reply, heard.body);
    return { ok: false, outcome, refused: refusedMembers(heard.body), status: heard.reply.status };
  };
  return async (call, desk) => {
    const answer = await once(call, desk);
    if (answer.ok || answer.status !== 401) return answer;
    tokens.forget();
    return once(call, desk);
  };
}

/** The number under which the outcome of an accepted call can be asked for. */
export const requestOf = (body: Readonly<Record<string, unknown>>): string | undefined => textOf(body.requestId);
