/** What became of one delivery, and with it what the host does next. */
export type Outcome =
  | { readonly status: 'delivered'; readonly reference?: string }
  /** Asked again with growing pauses, or after exactly `afterSeconds`. Where half of ten or more in one call name a time, nothing else is sent until then. */
  | { readonly status: 'retry'; readonly reason: string; readonly afterSeconds?: number }
  /**
   * Asked again after `afterSeconds` (a minute at least), for as long as it takes: something has to happen first that asking does
   * not bring about. It says nothing about the partner, so nothing else waits for it, and no attempts are used up.
   */
  | { readonly status: 'waiting'; readonly reason: string; readonly afterSeconds: number }
  /** Never asked again: the request itself is wrong. */
  | { readonly status: 'rejected'; readonly reason: string }
  /** Never asked again, and this address takes nothing more on this channel: it does not exist, or its owner complained. */
  | { readonly status: 'unreachable'; readonly reason: string }
  /** The destination is paused until an operator mends its credentials; the delivery waits. */
  | { readonly status: 'fix-credentials'; readonly reason: string };

/**
 * A busy or broken partner is asked again, a refused key stops the destination, a wrong request is not repeated. `Retry-After`
 * counts as seconds or as a date. A web page with 200 is a proxy or a log-in form that stands in the partner's place.
 */
export function outcomeOf(reply: Response): Outcome {
  if (reply.ok && /^text\/html\b/i.test(reply.headers.get('content-type') ?? ''))
    return { status: 'retry', reason: `a web page came with ${reply.status} where the partner's answer was due` };
  if (reply.ok) return { status: 'delivered' };
  const reason = `${reply.status} ${reply.statusText}`.trim();
  if (reply.status === 401 || reply.status === 403) return { status: 'fix-credentials', reason };
  if (reply.status !== 408 && reply.status !== 429 && reply.status < 500) return { status: 'rejected', reason };
  const afterSeconds = retryAfter(reply.headers.get('retry-after'));
  return afterSeconds === undefined ? { status: 'retry', reason } : { status: 'retry', reason, afterSeconds };
}

function retryAfter(header: string | null): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, Math.ceil(seconds));
}
