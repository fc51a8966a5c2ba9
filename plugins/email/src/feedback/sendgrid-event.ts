import type { Draft } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { clicked, opened, unsubscribed } from '../events.ts';
import { statusIn, verdictOn } from '../refusal.ts';
import { type Feedback, kindOf } from './feedback.ts';

/** One event of SendGrid; what was given along as unique arguments stands beside the rest. */
export const sendgridEvent = z.looseObject({
  email: z.string().min(3).max(320),
  /** Seconds since 1970. */
  timestamp: z.number().positive(),
  event: z.string(),
  sg_event_id: z.string().min(1).max(200),
  reason: z.string().optional(),
  response: z.string().optional(),
  status: z.string().optional(),
  type: z.string().optional(),
  url: z.string().optional(),
  sg_machine_open: z.boolean().optional(),
  enishi_delivery: z.string().optional(),
  enishi_workspace: z.string().optional(),
});

export type SendgridEvent = z.output<typeof sendgridEvent>;

/** Bounces, complaints, and what SendGrid does not even try. */
export function feedbackIn(event: SendgridEvent): Feedback | undefined {
  const kind = feedbackKind(event);
  if (kind === undefined) return undefined;
  const { sg_event_id: id, email, timestamp, enishi_delivery: delivery } = event;
  const status = statusIn(event.status ?? '') ?? statusIn(wordsOf(event));
  return { id, at: new Date(timestamp * 1000), email, kind, reason: wordsOf(event) || event.event, status, delivery, reporter: 'sendgrid' };
}

const wordsOf = ({ reason, response }: SendgridEvent): string => reason ?? response ?? '';

function feedbackKind(event: SendgridEvent): Feedback['kind'] | undefined {
  switch (event.event) {
    case 'spamreport':
      return 'complaint';
    case 'bounce':
      return bounceKind(event);
    case 'dropped':
      return droppedKind(wordsOf(event));
    default:
      return undefined;
  }
}

/** SendGrid's own `blocked` is refused for now, whatever the code; a `bounce` is what it will not try again. */
function bounceKind(event: SendgridEvent): Feedback['kind'] {
  const text = wordsOf(event);
  const status = statusIn(event.status ?? '') ?? statusIn(text);
  const verdict = verdictOn({ status, text });
  if (event.type === 'blocked') return verdict === 'later' ? 'soft' : 'blocked';
  return verdict === 'refused' && status === undefined ? 'hard' : kindOf(verdict);
}

/**
 * What SendGrid does not even try. Only its own words for the address may suppress it, whole: `Invalid SMTPAPI header` is a fault
 * of ours and comes for everybody at once. `Unsubscribed Address` was told when they left. Source: SendGrid, "Drops".
 */
const dropped: Readonly<Record<string, Feedback['kind'] | undefined>> = {
  'bounced address': 'hard',
  invalid: 'hard',
  'spam reporting address': 'complaint',
  'unsubscribed address': undefined,
};

function droppedKind(reason: string): Feedback['kind'] | undefined {
  const words = reason.trim().toLowerCase();
  return Object.hasOwn(dropped, words) ? dropped[words] : 'blocked';
}

/** Opens, clicks, and people who leave: whoever leaves a list or group of SendGrid's leaves ours, too. */
export function trackedIn(event: SendgridEvent, purpose: string): Draft[] {
  const { sg_event_id: id, email, timestamp, enishi_delivery: delivery, sg_machine_open: machine } = event;
  const draft = { id, at: new Date(timestamp * 1000), identifiers: { email } };
  const known = delivery === undefined ? {} : { delivery };
  const properties = { ...known, reporter: 'sendgrid' as const, ...(machine === undefined ? {} : { machine }) };
  switch (event.event) {
    case 'open':
      return [opened({ ...draft, properties })];
    case 'click':
      return [clicked({ ...draft, properties: { ...properties, url: (event.url ?? '').slice(0, 2000) } })];
    case 'unsubscribe':
    case 'group_unsubscribe': {
      const evidence = { kind: 'sendgrid', event: event.event, id };
      const consents = [{ purpose, channel: 'email', state: 'WITHDRAWN' as const, evidence }];
      return [unsubscribed({ ...draft, properties: { ...known, purpose, way: 'provider' }, consents })];
    }
    default:
      return [];
  }
}
