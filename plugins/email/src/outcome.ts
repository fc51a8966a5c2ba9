import type { Outcome } from '@enishi/plugin-sdk';
import { statusIn, verdictOn } from './refusal.ts';

/** What nodemailer says about a mail that was not sent. */
interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly message?: string;
}

/** Replies that speak about our log-in, at whatever command they come. */
const aboutCredentials = new Set([530, 534, 535, 538]);
/** What is refused here is refused to everybody, whoever the mail is for: nothing is lost by it. */
const aboutUs = new Set(['CONN', 'EHLO', 'HELO', 'LHLO']);

/**
 * What became of a mail that was not taken. `handedOver` says that its last byte had gone out: silence after that may
 * hide a delivered mail, and SMTP has no idempotency key, so it is left to a person instead of sent twice.
 */
export function outcomeOfError(error: unknown, handedOver: boolean): Outcome {
  const { code, command, responseCode, response, message }: SmtpError =
    typeof error === 'object' && error !== null ? error : { message: String(error) };
  const reason = (response ?? message ?? code ?? 'unknown error').trim();
  if (responseCode !== undefined && responseCode < 500) return later(reason);
  if (code === 'EAUTH' || code === 'ENOAUTH' || aboutCredentials.has(responseCode ?? 0)) return { status: 'fix-credentials', reason };
  // Wanted and not to be had: sending on would only collect refusals, and in the clear nothing may go.
  if (code === 'ETLS' && responseCode !== undefined) return { status: 'fix-credentials', reason: `no STARTTLS: ${reason}` };
  if (responseCode !== undefined && !aboutUs.has(command ?? '')) return refused({ command, responseCode, reason });
  // Told by the client itself before anything was sent: an address this server has no way to spell.
  if (code === 'EENVELOPE') return { status: 'rejected', reason };
  if (!handedOver) return later(reason);
  return { status: 'rejected', reason: `the server did not say whether it took the mail (${reason}); a replay may send it twice` };
}

function refused({ command, responseCode, reason }: { command: string | undefined; responseCode: number; reason: string }): Outcome {
  const verdict = verdictOn({ reply: responseCode, status: statusIn(reason), text: reason });
  if (verdict === 'later') return { status: 'retry', reason };
  // A refused sender says nothing about the recipient, whatever code it comes with.
  return { status: verdict === 'gone' && command !== 'MAIL FROM' ? 'unreachable' : 'rejected', reason };
}

const waits: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const longestWait = 3600;

/** Greylisting turns away whoever knocks the first time and often says for how long; knocking sooner begins the wait anew. */
function later(reason: string): Outcome {
  if (!/gr[ea]y-?list/i.test(reason)) return { status: 'retry', reason };
  const [, hours, minutes, seconds] = /(\d{1,2}):(\d{2}):(\d{2})/.exec(reason) ?? [];
  const [, count, unit = 's'] = /(?<![\d.])(\d{1,5})\s*(s|m|h)(?:ecs?|econds?|ins?|inutes?|ours?)?\b/i.exec(reason) ?? [];
  const told =
    hours === undefined
      ? Number(count ?? 300) * (waits[unit.toLowerCase()] ?? 1)
      : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return { status: 'retry', reason, afterSeconds: Math.min(Math.max(told, 60), longestWait) };
}
