import { ComeBackLater, type Outcome } from '@enishi/plugin-sdk';
import { HTTPFetchError } from '@line/bot-sdk';
import { z } from 'zod';

const errorBody = z.looseObject({
  message: z.string(),
  details: z.array(z.looseObject({ message: z.string().optional(), property: z.string().optional() })).optional(),
});

/** What LINE said, with the place of each fault: `The request body has 1 error(s): may not be empty (messages[0].text)`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof HTTPFetchError)) return error instanceof Error ? error.message : String(error);
  const { message, details = [] } = said(error);
  const places = details.map((detail) => [detail.message, detail.property && `(${detail.property})`].filter(Boolean).join(' '));
  return [`${error.status} ${message}`, ...places].join(': ').slice(0, 1000);
}

/** Whether LINE refuses somebody it was to send to, rather than what. */
export const blamesRecipients = (error: unknown): boolean =>
  error instanceof HTTPFetchError &&
  error.status === 400 &&
  (/^Failed to send messages/.test(said(error).message) ||
    (said(error).details ?? []).some(({ property }) => /^to\b/.test(property ?? '')));

/** LINE has taken this request before: its first answer did not come through. Answers the id of the request it took. */
export const acceptedBefore = (error: unknown): string | undefined =>
  error instanceof HTTPFetchError && error.status === 409
    ? (error.headers.get('x-line-accepted-request-id') ?? 'accepted before')
    : undefined;

/** LINE has certainly not taken the request: it was too busy, or found fault with it. */
export const saysNo = (error: unknown): boolean =>
  error instanceof HTTPFetchError && error.status >= 400 && error.status < 500 && error.status !== 408 && error.status !== 409;

/** What becomes of a delivery when LINE says no or nothing. Statuses and messages: "Error responses" of the Messaging API reference. */
export function outcomeOfError(error: unknown, now: Date): Outcome {
  const reason = reasonOf(error);
  // Silence and answers that make no sense hide a message that was sent; the retry key makes asking again safe.
  if (!(error instanceof HTTPFetchError)) return { status: 'retry', reason };
  const { status } = error;
  if (status === 401 || status === 403) return { status: 'fix-credentials', reason };
  if (status === 429 && /monthly limit/i.test(said(error).message)) return monthIsUsedUp(reason, now);
  if (status === 429) return { status: 'retry', reason, ...pauseIn(error.headers) };
  return status === 408 || status >= 500 ? { status: 'retry', reason } : { status: 'rejected', reason };
}

/** Waits for the first of the next month in Japan, when the plan's messages are counted anew. */
export const monthIsUsedUp = (reason: string, now: Date): Outcome => {
  const hoursAhead = 9 * 3_600_000;
  const there = new Date(now.getTime() + hoursAhead);
  const next = Date.UTC(there.getUTCFullYear(), there.getUTCMonth() + 1, 1) - hoursAhead;
  return { status: 'retry', reason, afterSeconds: Math.ceil((next - now.getTime()) / 1000) };
};

// LINE names no pause itself; what stands in front of it may.
const pauseIn = (headers: Headers): { afterSeconds?: number } => {
  const given = headers.get('retry-after') ?? '';
  return /^\d+$/.test(given) ? { afterSeconds: Number(given) } : {};
};

/** For what is read instead of sent: a busy LINE is asked again when it says, or after a minute. */
export async function patiently<TAnswer>(work: () => Promise<TAnswer>): Promise<TAnswer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HTTPFetchError) || error.status !== 429) throw error;
    throw new ComeBackLater(pauseIn(error.headers).afterSeconds ?? 60, reasonOf(error));
  }
}

function said({ body, statusText }: HTTPFetchError): z.output<typeof errorBody> {
  try {
    return errorBody.parse(JSON.parse(body));
  } catch {
    return { message: statusText || body.slice(0, 200) };
  }
}
