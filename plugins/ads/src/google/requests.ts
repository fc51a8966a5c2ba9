import type { Desk } from '@enishi/plugin-sdk';
import { isObject, textOf } from '../reply.ts';
import type { DataManager } from './data-manager.ts';

/** Google takes a call and works it off later: what became of it must be asked for. */
interface Followed {
  readonly request: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How one request ended, or `PROCESSING`. */
export interface RequestStatus {
  readonly status: string;
  readonly words: string;
}

const pendingKey = 'google.requests';
const failedKey = 'google.failed';
const mostFollowed = 200;
/** Before this nothing can be said; asking is paid from the same quota as sending. */
const firstLookMs = 10 * 60_000;
const looksAtOnce = 3;
const dayMs = 86_400_000;

/** Follows accepted calls to their end. What failed there is logged, and makes the health check say so for a day. */
export function followedRequests(call: DataManager) {
  const pending = async (desk: Desk): Promise<Followed[]> => (await desk.state.get<Followed[]>(pendingKey)) ?? [];

  const look = async (desk: Desk): Promise<void> => {
    const all = await pending(desk);
    const now = desk.now().getTime();
    const due = all.filter(({ at }) => now - at >= firstLookMs).slice(0, looksAtOnce);
    if (due.length === 0) return;
    const ended = new Set<string>();
    for (const { request, at } of due) {
      const found = await requestStatus(call, request, desk);
      if (found?.status === 'PROCESSING' && now - at < dayMs) continue;
      ended.add(request);
      if (found === undefined || found.status === 'SUCCESS') continue;
      desk.log.warn('Google did not take a request as it was accepted', { request, status: found.status, words: found.words });
      await desk.state.set(failedKey, `request ${request}: ${found.status} ${found.words}`.trim(), { forSeconds: dayMs / 1000 });
    }
    // Looked at again later, but behind the others.
    const later = all.filter(({ request }) => due.some((each) => each.request === request) && !ended.has(request));
    const rest = all.filter(({ request }) => !due.some((each) => each.request === request));
    await desk.state.set(pendingKey, [...rest, ...later]);
  };

  return {
    follow: async (request: string, desk: Desk): Promise<void> =>
      desk.state.set(pendingKey, [...(await pending(desk)), { request, at: desk.now().getTime() }].slice(-mostFollowed)),
    look,
    /** A sentence where Google refuses the key, or refused later what it had accepted within the last day. */
    check: async (desk: Desk): Promise<string | undefined> => {
      const answer = await call({ path: '/v1/requestStatus:retrieve', query: { requestId: 'none' } }, desk);
      if (!answer.ok && answer.outcome.status !== 'rejected') return answer.outcome.reason;
      await look(desk);
      const failed = await desk.state.get<string>(failedKey);
      return failed === undefined ? undefined : `Google refused after accepting: ${failed}`;
    },
  };
}

/** What became of a request over all its destinations; `undefined` where Google does not say. */
export async function requestStatus(call: DataManager, request: string, desk: Desk): Promise<RequestStatus | undefined> {
  const answer = await call({ path: '/v1/requestStatus:retrieve', query: { requestId: request } }, desk);
  if (!answer.ok) return undefined;
  const list = answer.body.requestStatusPerDestination;
  const states = (Array.isArray(list) ? list : []).filter(isObject);
  const bad = states.find(({ requestStatus: status }) => status !== 'SUCCESS' && status !== 'PROCESSING');
  const status =
    textOf((bad ?? states.find(({ requestStatus: each }) => each === 'PROCESSING') ?? states[0])?.requestStatus) ?? 'PROCESSING';
  const words = states.flatMap(({ errorInfo, warningInfo }) => [errorInfo, warningInfo]).filter(isObject);
  return { status, words: words.length === 0 ? '' : JSON.stringify(words).slice(0, 500) };
}
