/** What a server's refusal says of the address: it is gone for good, it may take mail another day, or something else was not liked. */
export type Verdict = 'gone' | 'later' | 'refused';

/** A refusal in the words of SMTP or of a bounce. */
export interface Refusal {
  /** The three digits at the front, where there are any. */
  readonly reply?: number | undefined;
  /** The enhanced status code of RFC 3463, such as `5.1.1`. */
  readonly status?: string | undefined;
  readonly text: string;
}

// RFC 3463: no such mailbox, no such host, no such spelling, moved away, takes no mail (RFC 7505), disabled, no route to the host.
const gone = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1', '5.4.4']);
// Full today, says RFC 3463 with class 5 all the same; a mailbox is emptied one day.
const full = new Set(['5.2.2', '4.2.2']);

// Servers that send no code or only x.0.0, Japanese carriers among them, say it in words alone.
const saysGone =
  /\b(?:user unknown|unknown user|(?:no such|unknown|invalid) (?:user|mailbox|recipient|address)|(?:user|mailbox|recipient|account|address) (?:does not exist|not found|is disabled|is inactive)|host (?:unknown|not found))\b/i;
const saysFull = /\b(?:mailbox (?:is )?full|over ?quota|quota exceeded|insufficient storage)\b/i;

export function verdictOn({ reply, status, text }: Refusal): Verdict {
  if (status !== undefined && gone.has(status)) return 'gone';
  if ((status !== undefined && full.has(status)) || saysFull.test(text)) return 'later';
  const [kind, subject] = status?.split('.') ?? [];
  if (kind === '4' || (kind === undefined && reply !== undefined && reply < 500)) return 'later';
  // A code that names another cause is believed; one that names none leaves it to the words.
  const namesNoCause = subject === undefined || subject === '0' || status === '5.1.0' || status === '5.5.0';
  return namesNoCause && saysGone.test(text) ? 'gone' : 'refused';
}

/** The first enhanced status code in a text: `550 5.1.1 no such user` has `5.1.1`. */
export const statusIn = (text: string): string | undefined => /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(text)?.[0];

/** The first reply code in a text. */
export const replyIn = (text: string): number | undefined => {
  const [found] = /(?<![\d.])[45]\d\d(?=[ -])(?![\d.])/.exec(text) ?? [];
  return found === undefined ? undefined : Number(found);
};
