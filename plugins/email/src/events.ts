import { event, unreadable } from '@enishi/plugin-sdk';
import { z } from 'zod';

const delivery = z.string().optional().describe('Id of the delivery whose mail it was, where that is known.');
const reporter = z.enum(['mailbox', 'ses', 'sendgrid']).describe('Who told: the mailbox that bounces come back to, or the provider.');
const reason = z.string().max(1000).describe("The server's or provider's own words.");

export const unsubscribed = event(
  'email.unsubscribed',
  z.object({
    purpose: z.string().describe('What the person no longer agrees to.'),
    delivery,
    way: z
      .enum(['one-click', 'page', 'mail', 'provider'])
      .describe("The mailbox provider's own button, the page, a mail to the mailbox for it, or a list kept by the sending provider."),
  }),
  { description: 'Somebody used the way out of a mail.' },
);

export const bounced = event(
  'email.bounced',
  z.object({
    severity: z
      .enum(['hard', 'soft', 'blocked'])
      .describe(
        '`hard`: the address takes no mail any more. `soft`: it may another day. `blocked`: the mail was refused, not the address.',
      ),
    status: z.string().max(20).optional().describe('Enhanced status code of RFC 3463, such as `5.1.1`.'),
    reason,
    delivery,
    reporter,
  }),
  { description: 'A mail came back after the server had taken it.' },
);

export const complained = event(
  'email.complained',
  z.object({ reason: reason.describe('The kind of complaint, such as `abuse`.'), delivery, reporter }),
  { description: 'Somebody called a mail spam.' },
);

const machine = z.boolean().optional().describe('Opened by a machine of the mailbox provider, not by a person.');

export const opened = event('email.opened', z.object({ delivery, reporter, machine }), {
  description: 'A mail was opened, as far as the provider can tell.',
});

export const clicked = event(
  'email.clicked',
  z.object({ url: z.string().max(2000).describe('Where the link leads.'), delivery, reporter, machine }),
  { description: 'A link in a mail was followed.' },
);

export const reportUnreadable = unreadable(
  'email.report_unreadable',
  'What a sending provider told and could not be read. It is quarantined with the reason.',
);
