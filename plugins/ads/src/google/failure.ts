import { outcomeOf } from '@enishi/plugin-sdk';
import { isObject, textOf } from '../reply.ts';
import type { Failure } from '../thrown.ts';

type Body = Readonly<Record<string, unknown>> | undefined;

/** Source: Google, Data Manager API, "Understand API errors". */
const passing = new Set(['RESOURCE_EXHAUSTED', 'UNAVAILABLE', 'INTERNAL', 'DEADLINE_EXCEEDED', 'ABORTED']);
const credentials = new Set(['UNAUTHENTICATED', 'PERMISSION_DENIED']);
const reasonsToMend = new Set(['TERMS_AND_CONDITIONS_NOT_SIGNED', 'NOT_ALLOWLISTED']);

/** What the host does about a google.rpc.Status. The pause is in the body, not in a header. */
export function failureOf(reply: Response, body: Body): Failure {
  const error = isObject(body?.error) ? body.error : undefined;
  if (error === undefined) return withoutError(reply);
  const status = textOf(error.status) ?? '';
  const details = detailsOf(error);
  const reasons = details.flatMap((detail) => textOf(detail.reason) ?? []);
  const reason = ['Google', status, ...reasons, textOf(error.message)].filter(Boolean).join(' ');
  if (passing.has(status) || reply.status === 429 || reply.status >= 500) {
    const afterSeconds = pauseIn(details);
    return afterSeconds === undefined ? { status: 'retry', reason } : { status: 'retry', reason, afterSeconds };
  }
  if (credentials.has(status) || reasons.some((each) => reasonsToMend.has(each)) || reply.status === 401 || reply.status === 403)
    return { status: 'fix-credentials', reason };
  return { status: 'rejected', reason };
}

/** Which members of the call Google cannot read, by their place in it, with its words. */
export function refusedMembers(body: Body): ReadonlyMap<number, string> {
  const error = isObject(body?.error) ? body.error : {};
  const violations = detailsOf(error).flatMap((detail) => (Array.isArray(detail.fieldViolations) ? detail.fieldViolations : []));
  return new Map(
    violations.filter(isObject).flatMap((violation): [number, string][] => {
      const [, place] = /audience_?members\[(\d+)\]/i.exec(textOf(violation.field) ?? '') ?? [];
      const words = [textOf(violation.reason), textOf(violation.description)].filter(Boolean).join(': ');
      return place === undefined ? [] : [[Number(place), words || 'Google cannot read this entry']];
    }),
  );
}

const detailsOf = (error: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>[] =>
  Array.isArray(error.details) ? error.details.filter(isObject) : [];

/** `retryDelay` of a RetryInfo, such as `30s` or `1.5s`. */
function pauseIn(details: readonly Readonly<Record<string, unknown>>[]): number | undefined {
  const [seconds] = details.flatMap((detail) => /^(\d+(?:\.\d+)?)s$/.exec(textOf(detail.retryDelay) ?? '')?.[1] ?? []);
  return seconds === undefined ? undefined : Math.ceil(Number(seconds));
}

function withoutError(reply: Response): Failure {
  const outcome = outcomeOf(reply);
  const type = reply.headers.get('content-type') ?? 'something';
  return outcome.status === 'delivered' ? { status: 'retry', reason: `Google answered ${type} where JSON was due` } : outcome;
}
