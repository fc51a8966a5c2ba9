import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { id, text } from './fields.ts';

export const messageReceived = event(
  'facebook.message_received',
  z.looseObject({ page_id: id, mid: id, text: text.optional(), quick_reply: text.optional(), attachments: z.array(text).optional() }),
  { description: 'Somebody wrote to the page by Messenger; `attachments` are their kinds, such as `image`.' },
);

export const postbackReceived = event(
  'facebook.postback_received',
  z.looseObject({ page_id: id, title: text.optional(), payload: text.optional() }),
  { description: 'Somebody pressed a button in Messenger.' },
);

export const referred = event(
  'facebook.referred',
  z.looseObject({ page_id: id, ref: text.optional(), source: text.optional(), ad_id: id.optional() }),
  { description: 'Somebody came to Messenger by a link, an ad or a code of the page.' },
);

const choice = z.looseObject({ page_id: id, title: text.optional(), payload: text.optional() });

export const messengerOptedIn = event('facebook.messenger_opted_in', choice, {
  description: 'Somebody agreed to receive marketing messages by Messenger.',
});

export const messengerOptedOut = event('facebook.messenger_opted_out', choice, {
  description: 'Somebody stopped the marketing messages by Messenger.',
});

export const messengerAsked = event('facebook.messenger_asked', choice.extend({ kind: text.optional() }), {
  description:
    'Somebody asked for an answer by Messenger, by a button on a web page or for a single notification, such as `one_time_notif_req`. It permits no marketing.',
});
