import { type AudienceChange, ComeBackLater, type Delivery, type Desk, type Destination, GiveUp, type Outcome } from '@enishi/plugin-sdk';
import { askedPause } from '../backoff.ts';
import type { CallResult } from './breaker.ts';

/** One outcome per delivery, and what the call as a whole says about the partner. */
export interface Answer extends CallResult {
  readonly outcomes: readonly Outcome[];
}

/**
 * One call of a destination, with one outcome per delivery whatever it does: throwing, hanging or answering
 * wrongly costs these deliveries an attempt and nobody else anything.
 */
export async function send(
  destination: Destination,
  deliveries: readonly Delivery[],
  deskUntil: (signal: AbortSignal) => Desk,
): Promise<Answer> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`no answer within ${destination.timeoutSeconds} s`);
      abort.abort(error);
      reject(error);
    }, destination.timeoutSeconds * 1000);
  });
  try {
    // A plugin that ignores the signal is not waited for.
    const answer = await Promise.race([callOf(destination, deliveries, deskUntil(abort.signal)), late]);
    return answerOf(readAnswer(answer, deliveries.length));
  } catch (error) {
    const outcome = outcomeOfError(error);
    return { ...answerOf(deliveries.map(() => outcome)), forAll: error instanceof ComeBackLater };
  } finally {
    clearTimeout(timer);
  }
}

/** Of so many deliveries half tell as much about the partner as all of a few. */
const telling = 10;

/**
 * A call of which all, or half of many, have to be tried again says something about the partner, not about the deliveries. Where
 * half of many are to come back later, all the others stay away as long, too: what a busy partner is spared comes through sooner.
 * Those that wait for something else say nothing about the partner.
 */
function answerOf(outcomes: readonly Outcome[]): Answer {
  const told = outcomes.filter((outcome) => outcome.status !== 'waiting');
  if (told.length === 0) return { outcomes, failed: undefined };
  const retries = told.filter((outcome) => outcome.status === 'retry');
  const asked = retries.map(({ afterSeconds }) => askedPause(afterSeconds)).filter((seconds) => seconds !== undefined);
  const half = (count: number): boolean => told.length >= telling && count * 2 >= told.length;
  const failed = half(retries.length) || (retries.length > 0 && retries.length === told.length);
  return { outcomes, failed, askedSeconds: failed && asked.length > 0 ? Math.max(...asked) : undefined, forAll: half(asked.length) };
}

const callOf = async (destination: Destination, deliveries: readonly Delivery[], desk: Desk): Promise<unknown> =>
  destination.kind === 'message'
    ? destination.send(deliveries as readonly Delivery<never>[], desk)
    : destination.apply(deliveries as readonly AudienceChange<never>[], desk);

function outcomeOfError(error: unknown): Outcome {
  const reason = sentence(error instanceof Error ? error.message : error);
  if (error instanceof GiveUp) return { status: 'rejected', reason };
  return error instanceof ComeBackLater ? { status: 'retry', reason, afterSeconds: error.afterSeconds } : { status: 'retry', reason };
}

function readAnswer(answer: unknown, expected: number): Outcome[] {
  if (!Array.isArray(answer) || answer.length !== expected) {
    const got = Array.isArray(answer) ? `${answer.length} outcomes` : typeof answer;
    throw new Error(`the destination answered ${got} for ${expected} deliveries`);
  }
  return answer.map(readOutcome);
}

const statuses = ['delivered', 'retry', 'waiting', 'rejected', 'unreachable', 'fix-credentials'];

function readOutcome(outcome: Partial<Record<string, unknown>> | null | undefined): Outcome {
  const status = outcome?.status;
  if (typeof status !== 'string' || !statuses.includes(status)) return { status: 'retry', reason: 'the destination answered no outcome' };
  if (status === 'delivered')
    return typeof outcome?.reference === 'string' ? { status, reference: sentence(outcome.reference) } : { status };
  const reason = sentence(outcome?.reason ?? status);
  if (status === 'waiting') return { status, reason, afterSeconds: Number(outcome?.afterSeconds) };
  if (status !== 'retry') return { status: status as 'rejected' | 'unreachable' | 'fix-credentials', reason };
  return typeof outcome?.afterSeconds === 'number' ? { status, reason, afterSeconds: outcome.afterSeconds } : { status, reason };
}

/** PostgreSQL takes no NUL in text, and a vendor's error page must not fill the table. */
const sentence = (text: unknown): string => String(text).replaceAll('\0', '').slice(0, 1000);
