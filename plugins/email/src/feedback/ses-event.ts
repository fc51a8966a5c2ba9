import type { Draft } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { clicked, opened } from '../events.ts';
import type { Feedback } from './feedback.ts';

const time = z.iso.datetime({ offset: true });

/** An event of Amazon SES: `eventType` where events are published, `notificationType` where an identity's feedback is. */
export const sesEvent = z.looseObject({
  eventType: z.string().optional(),
  notificationType: z.string().optional(),
  mail: z.looseObject({
    messageId: z.string(),
    destination: z.array(z.string()).default([]),
    tags: z.record(z.string(), z.array(z.string())).optional(),
  }),
  bounce: z
    .looseObject({
      feedbackId: z.string(),
      bounceType: z.string(),
      bounceSubType: z.string().optional(),
      timestamp: time,
      bouncedRecipients: z.array(
        z.looseObject({ emailAddress: z.string(), status: z.string().optional(), diagnosticCode: z.string().optional() }),
      ),
    })
    .optional(),
  complaint: z
    .looseObject({
      feedbackId: z.string(),
      timestamp: time,
      complaintFeedbackType: z.string().nullish(),
      complainedRecipients: z.array(z.looseObject({ emailAddress: z.string() })),
    })
    .optional(),
  open: z.looseObject({ timestamp: time }).optional(),
  click: z.looseObject({ timestamp: time, link: z.string() }).optional(),
});

export type SesEvent = z.output<typeof sesEvent>;

const kindOf = (event: SesEvent): string => event.eventType ?? event.notificationType ?? '';
const deliveryOf = ({ mail }: SesEvent): string | undefined => mail.tags?.['enishi-delivery']?.[0];
const bare = (address: string): string => /<([^<>]+)>\s*$/.exec(address)?.[1] ?? address;

/** Bounces and complaints, one per recipient. */
export function feedbackIn(event: SesEvent): Feedback[] {
  const delivery = deliveryOf(event);
  const { bounce, complaint } = event;
  if (kindOf(event) === 'Bounce' && bounce !== undefined)
    return bounce.bouncedRecipients.map(({ emailAddress, status, diagnosticCode }) => ({
      id: `${bounce.feedbackId}/${bare(emailAddress)}`,
      at: new Date(bounce.timestamp),
      email: bare(emailAddress),
      kind: severityOf(bounce.bounceType, bounce.bounceSubType ?? ''),
      reason: diagnosticCode ?? `${bounce.bounceType} ${bounce.bounceSubType ?? ''}`.trim(),
      status,
      delivery,
      reporter: 'ses',
    }));
  // `not-spam` takes a complaint back.
  if (kindOf(event) === 'Complaint' && complaint !== undefined && complaint.complaintFeedbackType !== 'not-spam')
    return complaint.complainedRecipients.map(({ emailAddress }) => ({
      id: `${complaint.feedbackId}/${bare(emailAddress)}`,
      at: new Date(complaint.timestamp),
      email: bare(emailAddress),
      kind: 'complaint',
      reason: complaint.complaintFeedbackType ?? 'complaint',
      delivery,
      reporter: 'ses',
    }));
  return [];
}

const aboutTheMail = new Set(['MessageTooLarge', 'ContentRejected', 'AttachmentRejected']);

const severityOf = (type: string, subType: string): Feedback['kind'] => {
  if (type === 'Permanent') return 'hard';
  return aboutTheMail.has(subType) ? 'blocked' : 'soft';
};

/** Opens and clicks. A mail of ours has one recipient; where there are more, nobody knows which of them it was. */
export function trackedIn(event: SesEvent, id: string): Draft[] {
  const [destination, ...others] = event.mail.destination;
  if (destination === undefined || others.length > 0) return [];
  const delivery = deliveryOf(event);
  const properties = { ...(delivery === undefined ? {} : { delivery }), reporter: 'ses' as const };
  const identifiers = { email: bare(destination) };
  if (kindOf(event) === 'Open' && event.open !== undefined)
    return [opened({ id, at: new Date(event.open.timestamp), identifiers, properties })];
  if (kindOf(event) === 'Click' && event.click !== undefined)
    return [
      clicked({
        id,
        at: new Date(event.click.timestamp),
        identifiers,
        properties: { ...properties, url: event.click.link.slice(0, 2000) },
      }),
    ];
  return [];
}
