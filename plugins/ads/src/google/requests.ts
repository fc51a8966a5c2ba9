import type { Desk } from '@enishi/plugin-sdk';
import { isObject, textOf } from '../reply.ts';
import type { DataManager } from './data-manager.ts';

/** Google takes a call and works it off later: what became of it must be asked for. */
interface Followed {
  readonly request: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How one request ended, `PROCESSING`, or `UNKNOWN` where Google does not say now: it is busy, broken or refuses the question. */
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

const open = new Set(['PROCESSING', 'UNKNOWN', 'REQUEST_STATUS_UNKNOWN']);

/** Whether Google has still to say how it ended. Taken for an end, no answer would hide what fails afterwards. */
export const isOpen = ({ status }: Pick<RequestStatus, 'status'>): boolean => open.has(status);

/** Follows accepted calls to their end, for a day. What failed there, or has no end by then, is logged and makes the health check say so for a day. */
export function followedRequests(call: DataManager) {
  const pending = async (desk: Desk): Promise<Followed[]> => (await desk.state.get<Followed[]>(pendingKey)) ?? [];

  const look = async (desk: Desk): Promise<void> => {
    const now = desk.now().getTime();
    const due = (await pending(desk)).filter(({ at }) => now - at >= firstLookMs).slice(0, looksAtOnce);
    if (due.length === 0) return;
    const ended = new Set<string>();
    for (const { request, at } of due) {
      const found = await requestStatus(call, request, desk);
      if (isOpen(found) && now - at < dayMs) continue;
      ended.add(request);
      if (found.status === 'SUCCESS') continue;
      desk.log.warn('Google did not take a request as it was accepted', { request, status: found.status, words: found.words });
      await desk.state.set(failedKey, `request ${request}: ${found.status} ${found.words}`.trim(), { forSeconds: dayMs / 1000 });
    }
    // Read anew: others have gone on following meanwhile. What is still open is looked at again, behind the others.
    const asked = new Set(due.map(({ request }) => request));
    const all = (await pending(desk)).filter(({ request }) => !ended.has(request));
    const [rest, later] = [all.filter(({ request }) => !asked.has(request)), all.filter(({ request }) => asked.has(request))];
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

/** What became of a request over all its destinations. */
export async function requestStatus(call: DataManager, request: string, desk: Desk): Promise<RequestStatus> {
  const answer = await call({ path: '/v1/requestStatus:retrieve', query: { requestId: request } }, desk);
  if (!answer.ok) return { status: 'UNKNOWN', words: answer.outcome.reason };
  const list = answer.body.requestStatusPerDestination;
  const states = (Array.isArray(list) ? list : []).filter(isObject);
  const each = states.map(({ requestStatus: status }) => textOf(status) ?? 'UNKNOWN');
  const failed = each.find((status) => status !== 'SUCCESS' && !isOpen({ status }));
  const status = failed ?? each.find((status) => isOpen({ status })) ?? each[0] ?? 'PROCESSING';
  const words = states.flatMap(({ errorInfo, warningInfo }) => [errorInfo, warningInfo]).filter(isObject);
  return { status, words: words.length === 0 ? '' : JSON.stringify(words).slice(0, 500) };
}
