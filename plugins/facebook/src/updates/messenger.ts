import type { ConsentDecision, ConsentState, Draft, EventDraft } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { messageReceived, messengerAsked, messengerOptedIn, messengerOptedOut, postbackReceived, referred } from '../events/messenger.ts';
import { graphId } from '../graph/page.ts';
import { type Entry, instant, unreadable } from './envelope.ts';

const referral = z.looseObject({ ref: z.string().optional(), source: z.string().optional(), ad_id: graphId.optional() });

const messaging = z.looseObject({
  sender: z.looseObject({ id: graphId }),
  timestamp: z.number(),
  message: z
    .looseObject({
      mid: z.string(),
      text: z.string().optional(),
      is_echo: z.boolean().optional(),
      quick_reply: z.looseObject({ payload: z.string().optional() }).optional(),
      attachments: z.array(z.looseObject({ type: z.string() })).optional(),
    })
    .optional(),
  postback: z
    .looseObject({
      mid: z.string().optional(),
      title: z.string().optional(),
      payload: z.string().optional(),
      referral: referral.optional(),
    })
    .optional(),
  optin: z
    .looseObject({
      type: z.string().optional(),
      title: z.string().optional(),
      payload: z.string().optional(),
      ref: z.string().optional(),
      notification_messages_status: z.string().optional(),
    })
    .optional(),
  referral: referral.optional(),
});

type Messaging = z.output<typeof messaging>;

/** What people do in Messenger. What the page itself sends comes back as an echo and is nobody's. */
export const messagesIn = (entry: Entry): Draft[] =>
  entry.messaging.flatMap((each) => {
    const { data, error } = messaging.safeParse(each);
    return data === undefined ? [unreadable('message', each, { entry, error })] : toDrafts(data, entry.id);
  });

function toDrafts(
  { sender, timestamp, message, postback, optin, referral: came = postback?.referral }: Messaging,
  pageId: string,
): Draft[] {
  const seen = { at: instant(timestamp), identifiers: { 'facebook.page_user': sender.id } };
  const id = (what: string): string => `${what}:${sender.id}:${pageId}:${timestamp}`;
  const page = { page_id: pageId };
  const drafts: Draft[] = [];
  if (message !== undefined && message.is_echo !== true) {
    const { mid, text, quick_reply, attachments } = message;
    const properties = { ...page, mid, text, quick_reply: quick_reply?.payload, attachments: attachments?.map(({ type }) => type) };
    drafts.push(messageReceived({ ...seen, id: mid.length > 190 ? id('message') : `message:${mid}`, properties }));
  }
  if (postback !== undefined) {
    const { title, payload } = postback;
    drafts.push(postbackReceived({ ...seen, id: id('postback'), properties: { ...page, title, payload } }));
  }
  if (came !== undefined) {
    const { ref, source, ad_id } = came;
    drafts.push(referred({ ...seen, id: id('referral'), properties: { ...page, ref, source, ad_id } }));
  }
  if (optin !== undefined) drafts.push(opted(optin, { ...seen, id: id('optin') }, pageId));
  return drafts;
}

type Optin = NonNullable<Messaging['optin']>;

/**
 * Facebook calls several buttons an opt-in. Only that under a request for recurring notifications permits marketing; who wants to
 * be told once that something is back, or came by the "Send to Messenger" button, has agreed to nothing more. A stop is believed of any.
 */
function opted(optin: Optin, seen: Pick<EventDraft<unknown>, 'id' | 'at' | 'identifiers'>, pageId: string): Draft {
  const { type: kind, title, payload = optin.ref, notification_messages_status: status } = optin;
  const properties = { page_id: pageId, title, payload };
  const consent = (state: ConsentState): ConsentDecision => ({
    purpose: 'marketing',
    channel: 'messenger',
    state,
    // The button stands under what the person was shown, so it is itself the evidence.
    evidence: { by: 'Messenger opt-in', page_id: pageId, type: kind, title, payload },
  });
  if (status === 'STOP_NOTIFICATIONS') return messengerOptedOut({ ...seen, properties, consents: [consent('WITHDRAWN')] });
  if (kind === 'notification_messages' && (status === undefined || status === 'RESUME_NOTIFICATIONS'))
    return messengerOptedIn({ ...seen, properties, consents: [consent('GIVEN')] });
  return messengerAsked({ ...seen, properties: { ...properties, kind } });
}
