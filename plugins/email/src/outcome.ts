import type { Outcome } from '@enishi/plugin-sdk';

/** What nodemailer says about a mail that was not sent. */
interface SmtpError {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly message?: string;
}

/** Replies that speak about our log-in, at whatever command they come. */
const aboutCredentials = new Set([530, 534, 535, 538]);

/**
 * What became of a mail that was not taken. `handedOver` says that its last byte had gone out: silence after that may
 * hide a delivered mail, and SMTP has no idempotency key, so it is left to a person instead of sent twice.
 */
export function outcomeOfError(error: unknown, handedOver: boolean): Outcome {
  const { code, responseCode, response, message }: SmtpError =
    typeof error === 'object' && error !== null ? error : { message: String(error) };
  const reason = (response ?? message ?? code ?? 'unknown error').trim();
  const temporary = responseCode !== undefined && responseCode < 500;
  if (!temporary && (code === 'EAUTH' || code === 'ENOAUTH' || aboutCredentials.has(responseCode ?? 0)))
    return { status: 'fix-credentials', reason };
  if (responseCode !== undefined && responseCode >= 500)
    // A full mailbox is emptied one day, whatever class its server gives it.
    return /\b5\.2\.2\b/.test(reason) ? { status: 'retry', reason } : { status: 'rejected', reason };
  if (temporary || !handedOver) return { status: 'retry', reason };
  return { status: 'rejected', reason: `the server did not say whether it took the mail (${reason}); a replay may send it twice` };
}
