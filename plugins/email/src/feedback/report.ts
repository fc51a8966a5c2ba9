import PostalMime, { type Email } from 'postal-mime';
import { replyIn, statusIn, verdictOn } from '../refusal.ts';
import { type Feedback, kindOf } from './feedback.ts';
import { blocksIn, type Fields, fieldsIn, untyped } from './fields.ts';

/** What a mail in the mailbox for bounces reports. */
export interface Report extends Pick<Feedback, 'kind' | 'reason' | 'status'> {
  /** Its `Message-ID`, if it has one. */
  readonly messageId: string | undefined;
  readonly at: Date | undefined;
  /** All it says: somewhere in it is the stamp of the mail it is about, and the address. */
  readonly said: string;
  /** The `List-Unsubscribe` of the mail that came back, if that came along. */
  readonly unsubscribe: string | undefined;
}

const longest = 256 * 1024;
// A report has a handful of parts; nesting beyond that is made to cost time.
const limits = { maxNestingDepth: 10, maxHeadersSize: 128 * 1024, maxRfc822NestingDepth: 2, attachmentEncoding: 'utf8' } as const;

/**
 * Reads a bounce (RFC 3464), a complaint (RFC 5965) or a bounce in prose, as some servers send. `undefined` for anything else:
 * delays, receipts, absence notes, letters. Throws what the MIME parser throws at a mail that is no mail.
 */
export async function readReport(raw: Uint8Array): Promise<Report | undefined> {
  const mail = await PostalMime.parse(raw, { ...limits });
  const parts = mail.attachments.map(({ mimeType, content }) => ({ mimeType, text: String(content).slice(0, longest) }));
  const partOf = (...types: string[]): string | undefined => parts.find(({ mimeType }) => types.includes(mimeType))?.text;
  const status = partOf('message/delivery-status', 'message/global-delivery-status');
  const complaint = partOf('message/feedback-report');
  const finding = complaint !== undefined ? complaintIn(complaint) : status !== undefined ? bounceIn(status) : proseIn(mail);
  if (finding === undefined) return undefined;
  const returned = fieldsIn(partOf('text/rfc822-headers', 'message/rfc822', 'message/global', 'message/global-headers') ?? '');
  const heads = mail.headers.map(({ value }) => value).join('\n');
  const said = [heads, mail.text ?? '', mail.html ?? '', ...parts.map(({ text }) => text)].join('\n').slice(0, longest);
  const time = Date.parse(mail.date ?? '');
  return {
    ...finding,
    messageId: mail.messageId,
    at: Number.isNaN(time) ? undefined : new Date(time),
    said,
    unsubscribe: returned.get('list-unsubscribe'),
  };
}

type Finding = Pick<Report, 'kind' | 'reason' | 'status'>;

/** A mail goes to one address, so the first recipient that failed is it; `delayed`, `relayed` and `delivered` are no bounces. */
function bounceIn(text: string): Finding | undefined {
  const failed = blocksIn(text).find((block) => block.get('action')?.toLowerCase().startsWith('failed'));
  return failed && findingOf(failed);
}

function findingOf(fields: Fields): Finding {
  const diagnostic = untyped(fields.get('diagnostic-code'));
  const stated = statusIn(fields.get('status') ?? '');
  // Some state 5.0.0 and say in the diagnosis what they mean.
  const status = stated === undefined || stated.endsWith('.0.0') ? (statusIn(diagnostic) ?? stated) : stated;
  const kind = kindOf(verdictOn({ reply: replyIn(diagnostic), status, text: diagnostic }));
  return { kind, status, reason: diagnostic || `status ${status ?? 'unknown'}` };
}

/** `not-spam` takes a complaint back, the rest is none of the address's business. */
function complaintIn(text: string): Finding | undefined {
  const kind = blocksIn(text)[0]?.get('feedback-type')?.toLowerCase();
  return kind === 'abuse' || kind === 'fraud' || kind === 'other' || kind === 'virus' || kind === 'opt-out'
    ? { kind: 'complaint', reason: kind, status: undefined }
    : undefined;
}

const daemon = /^(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon)\b/i;

/** Servers that follow no standard write as a daemon and quote a reply. An absence note comes from a person and quotes none. */
function proseIn(mail: Email): Finding | undefined {
  const headers = new Map(mail.headers.map(({ key, value }) => [key, value.toLowerCase()]));
  const answered = headers.get('auto-submitted')?.startsWith('auto-replied') === true;
  if (answered || !daemon.test(mail.from?.address ?? '')) return undefined;
  const text = (mail.text ?? '').slice(0, 20_000);
  const [status, reply] = [statusIn(text), replyIn(text)];
  const verdict = verdictOn({ reply, status, text });
  if (status === undefined && reply === undefined && verdict !== 'gone') return undefined;
  const quoted = text.split(/\r?\n/).find((line) => statusIn(line) !== undefined || replyIn(line) !== undefined);
  return { kind: kindOf(verdict), status, reason: (quoted ?? 'the mailbox does not exist').trim() };
}
