import { type Desk, type Draft, hmacSignature, type WebhookSource, webhook } from '@enishi/plugin-sdk';
import type { Ask } from '../api.ts';
import { linkDraft, offerLink } from '../connect/account-link.ts';
import type { Settings } from '../settings.ts';
import { body, type LineEvent } from './body.ts';
import { baseOf, draftOf, memberDrafts } from './drafts.ts';

/**
 * LINE's webhook. Answered before it is worked on: LINE does not wait, and stops calling an endpoint that keeps it waiting.
 * A redelivered event has its old id, so it is a `DUPLICATE`.
 */
export function lineWebhook(settings: Settings, ask: Ask): WebhookSource {
  const draftsOf = async (event: LineEvent, desk: Desk): Promise<readonly Draft[]> => {
    const members = memberDrafts(event);
    if (members !== undefined) return members;
    const userId = event.source?.userId;
    if (userId === undefined) {
      desk.log.info('an event of LINE is about nobody in particular', { kind: event.type, webhookEventId: event.webhookEventId });
      return [];
    }
    if (event.type === 'accountLink') return [await linkDraft(event, baseOf(event, userId), desk)];
    if (event.type === 'postback' && settings.accountLink) await offerLink(event, settings.accountLink, { ask, desk });
    return [draftOf(event, baseOf(event, userId), settings)];
  };
  return webhook({
    description: 'Everything LINE tells about the friends of the Official Account.',
    body,
    work: 'later',
    verify: hmacSignature({ header: 'x-line-signature', secret: settings.channelSecret, encoding: 'base64' }),
    // LINE counts nothing but 200 as taken, not the 202 of a call that is only stored.
    answer: () => ({ status: 200, contentType: 'application/json', body: '{}' }),
    receive: async ({ events }, _request, desk) => {
      const drafts: Draft[] = [];
      for (const event of events) drafts.push(...(await draftsOf(event, desk)));
      return drafts;
    },
  });
}
