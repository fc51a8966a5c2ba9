import { outcomeOf } from '@enishi/plugin-sdk';
import { isObject, textOf } from '../reply.ts';
import type { Failure } from '../thrown.ts';
import { restSeconds } from './usage.ts';

/** Codes of the Graph API by what is to be done about them. Source: Meta, "Handling errors" and "Rate limiting". */
const passing = new Set([1, 2, 341, 368, 5000, 21_009]);
const busy = new Set([4, 17, 32, 613]);
const credentials = new Set([3, 10, 102, 190, 200, 294]);

const isBusy = (code: number): boolean => busy.has(code) || (code >= 80_000 && code <= 80_014);

/**
 * What the host does about an error of the Graph API. Meta says most things with 400 and a code, and 200 with an error inside
 * happens, so the body decides; the status counts where there is no error in it.
 */
export function failureOf(reply: Response, body: Readonly<Record<string, unknown>> | undefined): Failure {
  const error = body?.error;
  if (!isObject(error)) return withoutError(reply);
  const code = Number(error.code);
  const reason = sentence(error);
  if (isBusy(code)) {
    const afterSeconds = restSeconds(reply.headers) ?? pause(reply);
    return afterSeconds === undefined ? { status: 'retry', reason } : { status: 'retry', reason, afterSeconds };
  }
  if (error.is_transient === true || passing.has(code)) return { status: 'retry', reason };
  if (credentials.has(code)) return { status: 'fix-credentials', reason };
  const byStatus = outcomeOf(reply);
  return byStatus.status === 'retry' ? { ...byStatus, reason } : { status: 'rejected', reason };
}

/** Whether the call itself named nothing there is, or nothing this key may touch. */
export const namesNothing = (body: Readonly<Record<string, unknown>> | undefined): boolean =>
  isObject(body?.error) && Number(body.error.code) === 100 && Number(body.error.error_subcode) === 33;

function withoutError(reply: Response): Failure {
  const outcome = outcomeOf(reply);
  const type = reply.headers.get('content-type') ?? 'something';
  return outcome.status === 'delivered' ? { status: 'retry', reason: `Meta answered ${type} where JSON was due` } : outcome;
}

function pause(reply: Response): number | undefined {
  const outcome = outcomeOf(new Response(null, { status: 429, headers: reply.headers }));
  return outcome.status === 'retry' ? outcome.afterSeconds : undefined;
}

/** Meta's words with the numbers its support asks for. */
function sentence(error: Readonly<Record<string, unknown>>): string {
  const numbers = [textOf(error.code), textOf(error.error_subcode)].filter((number) => number !== undefined).join('/');
  const words = textOf(error.error_user_msg) ?? textOf(error.message) ?? 'error';
  const trace = textOf(error.fbtrace_id);
  return `Meta ${numbers}: ${words}${trace === undefined ? '' : ` (trace ${trace})`}`;
}
