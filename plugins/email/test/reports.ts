/** Letters as mail servers and providers write them, about a mail with this stamp in its Message-ID. */
export interface Returned {
  readonly stamp?: string;
  readonly email?: string;
  /** Head of the mail that came back. */
  readonly head?: string;
}

const lines = (...parts: string[]): string => parts.join('\r\n');

/** A bounce as RFC 3464 has it. */
export const dsn = (
  { stamp = '', email = 'hanako@example.jp', head = `Message-ID: <${stamp}@shop.example>` }: Returned,
  { status = '5.1.1', action = 'failed', text = '' } = {},
): string =>
  lines(
    'From: MAILER-DAEMON@mx.example.jp (Mail Delivery System)',
    'To: bounce@shop.example',
    'Subject: Undelivered Mail Returned to Sender',
    'Message-ID: <20261121.1@mx.example.jp>',
    'Date: Sat, 21 Nov 2026 10:00:00 +0900',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="B"',
    '',
    '--B',
    'Content-Type: text/plain',
    '',
    'failed',
    '--B',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.jp',
    ...(stamp === '' ? [] : [`Original-Envelope-Id: ${stamp}`]),
    '',
    `Original-Recipient: rfc822;${email}`,
    `FINAL-recipient: rfc822; ${email}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${text || `550 ${status} user unknown`}`,
    '',
    '--B',
    'Content-Type: text/rfc822-headers',
    '',
    head,
    'Subject: x',
    '',
    '--B--',
    '',
  );

/** A complaint as RFC 5965 has it. The owner's address is often left out of it. */
export const arf = ({ head = '' }: Returned, feedbackType = 'abuse'): string =>
  lines(
    'From: <feedback@mailbox.example>',
    'To: <abuse@shop.example>',
    'Subject: FW: complaint',
    'Message-ID: <fbl-1@mailbox.example>',
    'Date: Sat, 21 Nov 2026 11:00:00 +0900',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=feedback-report; boundary="part1"',
    '',
    '--part1',
    'Content-Type: text/plain; charset="US-ASCII"',
    'Content-Transfer-Encoding: 7bit',
    '',
    'This is an abuse report for a message received from 192.0.2.1.',
    '--part1',
    'Content-Type: message/feedback-report',
    '',
    `Feedback-Type: ${feedbackType}`,
    'User-Agent: SomeGenerator/1.0',
    'Version: 1',
    '',
    '--part1',
    'Content-Type: message/rfc822',
    'Content-Disposition: inline',
    '',
    head,
    'From: <news@shop.example>',
    'Subject: Earn money',
    '',
    'Spam Spam Spam',
    '--part1--',
    '',
  );

/** What a server writes that knows no standard. */
export const prose = (stamp: string, text: string, over: Readonly<Record<string, string>> = {}): string =>
  lines(
    ...Object.entries({
      From: 'Mail Delivery Subsystem <MAILER-DAEMON@docomo.ne.jp>',
      To: `bounce+${stamp}@shop.example`,
      Subject: 'Returned mail: see transcript for details',
      'Message-ID': '<r1@docomo.ne.jp>',
      Date: 'Sat, 21 Nov 2026 10:00:00 +0900',
      'Content-Type': 'text/plain; charset=us-ascii',
      ...over,
    }).map(([name, value]) => `${name}: ${value}`),
    '',
    text,
    '',
  );
