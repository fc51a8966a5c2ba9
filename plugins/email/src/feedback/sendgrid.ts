import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type Desk, type Draft, keptAside, type RawRequest, type WebhookSource, webhook } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { reportUnreadable } from '../events.ts';
import type { Judge } from './judge.ts';
import { feedbackIn, sendgridEvent, trackedIn } from './sendgrid-event.ts';

const signatureHeader = 'x-twilio-email-event-webhook-signature';
const timestampHeader = 'x-twilio-email-event-webhook-timestamp';

/** The key SendGrid shows in its settings: Base64 of the DER of an SPKI. `undefined` for anything else. */
export function verificationKey(base64: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ec' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** What SendGrid's event webhook tells: bounces, complaints, opens, clicks, and whoever leaves a list that SendGrid keeps. */
export function sendgridSource(key: KeyObject, purpose: string, judge: Judge): WebhookSource {
  return webhook({
    description: "Bounces, complaints, opens, clicks and unsubscribes from SendGrid's event webhook.",
    body: z.array(z.looseObject({})).max(10_000),
    work: 'later',
    verify: (request) => isGenuine(request, key),
    callId: ({ headers }) => `${headers[timestampHeader]}.${headers[signatureHeader]}`,
    receive: async (items, _request, desk) => {
      const drafts: Draft[] = [];
      for (const item of items) {
        const event = sendgridEvent.safeParse(item);
        if (!event.success) {
          // Its neighbours are sound, and SendGrid adds kinds of events without notice.
          drafts.push(keptAside(reportUnreadable, messageOf(item, desk), z.prettifyError(event.error)));
          continue;
        }
        if (event.data.enishi_workspace !== undefined && event.data.enishi_workspace !== desk.workspace) continue;
        const feedback = feedbackIn(event.data);
        drafts.push(...(feedback === undefined ? trackedIn(event.data, purpose) : await judge(feedback, desk)));
      }
      return drafts;
    },
  });
}

const messageOf = (payload: unknown, desk: Desk) => ({
  id: createHash('sha256').update(JSON.stringify(payload)).digest('hex'),
  at: desk.now(),
  payload,
});

/** ECDSA with SHA-256 over the timestamp and the raw body, the line break at its end included. */
function isGenuine({ headers, body }: RawRequest, key: KeyObject): boolean {
  const [signature, timestamp] = [headers[signatureHeader], headers[timestampHeader]];
  if (signature === undefined || timestamp === undefined) return false;
  const bytes = Buffer.from(signature, 'base64');
  // One spelling only: otherwise the same call would come again as another one.
  if (bytes.toString('base64') !== signature) return false;
  return verify('sha256', Buffer.concat([Buffer.from(timestamp), body]), key, bytes);
}
