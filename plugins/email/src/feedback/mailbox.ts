import { createHash } from 'node:crypto';
import { type Desk, type Draft, type PollSource, poll } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { readUnsubscribeMail } from '../unsubscribe-mail.ts';
import type { Feedback } from './feedback.ts';
import { type Letter, type MailboxSettings, readLetters } from './imap.ts';
import type { Judge } from './judge.ts';
import { readReport } from './report.ts';
import { type Seals, traced } from './trace.ts';

const cursor = z.object({
  /** Changes when the server numbers the mails anew; then the mailbox is read from the start. */
  validity: z.string(),
  /** Number of the last mail that was read. */
  uid: z.int().nonnegative(),
});

/** Reads bounces, complaints and requests to unsubscribe from a mailbox, in the order they came. What was read stays there and is not marked. */
export function mailboxSource(settings: MailboxSettings, seals: Seals, judge: Judge): PollSource {
  return poll({
    description: 'The mailbox that bounces, complaints and requests to unsubscribe come to, by IMAP.',
    cursor,
    everySeconds: settings.everySeconds,
    read: async (from, desk) => {
      const { validity, letters, more } = await readLetters(settings, from, desk.signal);
      const drafts: Draft[] = [];
      for (const letter of letters) {
        const found = await readable(letter, desk, seals);
        if (found === undefined) continue;
        drafts.push(...('kind' in found ? await judge(found, desk) : [found]));
      }
      const uid = letters.at(-1)?.uid ?? (from?.validity === validity ? from.uid : 0);
      return { drafts, cursor: { validity, uid }, more };
    },
  });
}

/** One letter that cannot be read is left aside: it must not keep the mailbox from being read on. */
async function readable(letter: Letter, desk: Desk, seals: Seals): Promise<Feedback | Draft | undefined> {
  try {
    return (await feedbackOf(letter, desk, seals)) ?? (await readUnsubscribeMail(letter.raw, seals.tokens, desk));
  } catch (error) {
    const { uid, whole } = letter;
    desk.log.warn('a mail in the mailbox for bounces cannot be read', { uid, whole, problem: String(error).slice(0, 300) });
    return undefined;
  }
}

async function feedbackOf({ uid, raw }: Letter, desk: Desk, seals: Seals): Promise<Feedback | undefined> {
  const report = await readReport(raw);
  if (report === undefined) return undefined;
  const sent = traced(report, desk.workspace, seals);
  if (sent === undefined) {
    desk.log.info('a bounce names no mail of this workspace', { uid });
    return undefined;
  }
  const { kind, reason, status, messageId } = report;
  const own = messageId ?? createHash('sha256').update(raw).digest('hex');
  const id = `${own.slice(0, 200)}/${sent.delivery}`;
  const at = report.at !== undefined && report.at <= desk.now() ? report.at : desk.now();
  return { id, at, email: sent.email, delivery: sent.delivery, kind, reason, status, reporter: 'mailbox' };
}
