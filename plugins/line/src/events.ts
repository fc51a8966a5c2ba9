import { event, scope } from '@enishi/plugin-sdk';
import { z } from 'zod';

export const profileData = scope('line.profile', { description: 'The name on the LINE account.' });
export const emailData = scope('line.email', { description: 'The e-mail address registered with LINE.' });
export const locationData = scope('line.location', { description: 'Places sent in the chat, and beacons passed.' });

export const followed = event(
  'line.followed',
  z.object({ unblocked: z.boolean().describe('Whether the account had been blocked before.') }),
  { description: 'Somebody added the account as a friend, or unblocked it.' },
);

export const unfollowed = event('line.unfollowed', z.object({}), { description: 'Somebody blocked the account.' });

export const friendListed = event('line.friend_listed', z.object({}), {
  description: 'Somebody was found among the friends of the account.',
});

export const consentAssumed = event('line.consent_assumed', z.object({}), {
  description:
    'Somebody was a friend of the account before, which permits what following permits. Dated 1970: whatever they decided themselves is newer.',
});

export const messageReceived = event(
  'line.message_received',
  z.object({
    messageId: z.string(),
    kind: z.string().describe('text, image, video, audio, file, location, sticker, or what LINE may add.'),
    keyword: z.string().optional().describe('The keyword of the settings that the whole message is.'),
    text: z.string().optional().describe('What was written, where the settings keep it.'),
    sticker: z.string().optional().describe('package/sticker'),
  }),
  { description: 'Somebody wrote to the account.' },
);

export const locationShared = event(
  'line.location_shared',
  z.object({
    messageId: z.string(),
    latitude: z.number(),
    longitude: z.number(),
    title: z.string().optional(),
    address: z.string().optional(),
  }),
  { description: 'Somebody sent a place in the chat.', scope: locationData },
);

export const messageUnsent = event('line.message_unsent', z.object({ messageId: z.string() }), {
  description: 'Somebody took a message back: it must not be shown any more.',
});

export const postbackReceived = event(
  'line.postback_received',
  z.object({
    data: z.string(),
    fields: z.record(z.string(), z.string()).describe('The data read as a query string: `action=buy&item=7`.'),
    params: z.record(z.string(), z.string()).describe('The date, time or rich menu that was picked.'),
  }),
  { description: 'Somebody pressed a button of a message or of the rich menu.' },
);

export const beaconSeen = event(
  'line.beacon_seen',
  z.object({ hardwareId: z.string(), kind: z.string().describe('enter, banner or stay'), deviceMessage: z.string().optional() }),
  { description: 'Somebody came near a beacon of ours.', scope: locationData },
);

export const membershipChanged = event(
  'line.membership_changed',
  z.object({ membershipId: z.number(), change: z.string().describe('joined, left or renewed') }),
  { description: 'Somebody joined, renewed or left a paid membership.' },
);

export const videoWatched = event('line.video_watched', z.object({ trackingId: z.string() }), {
  description: 'Somebody watched a video to its end.',
});

export const groupJoined = event('line.group_joined', z.object({ group: z.string() }), {
  description: 'Somebody joined a group chat the account is in.',
});

export const groupLeft = event('line.group_left', z.object({ group: z.string() }), {
  description: 'Somebody left a group chat the account is in.',
});

export const accountLinked = event('line.account_linked', z.object({}), {
  description: 'Somebody tied their LINE account to their account with us.',
});

export const accountLinkFailed = event(
  'line.account_link_failed',
  z.object({ reason: z.enum(['refused-by-line', 'unknown-nonce', 'somebody-else']) }),
  { description: 'A link of accounts was not made.' },
);

export const loginConnected = event(
  'line.login_connected',
  z.object({ scopes: z.array(z.string()).describe('What was granted.'), friend: z.boolean().optional() }),
  { description: 'Somebody connected by LINE Login.' },
);

export const eventReceived = event(
  'line.event_received',
  z.object({ kind: z.string(), event: z.record(z.string(), z.unknown()).describe('As LINE sent it, without its tokens.') }),
  { description: 'Something this version has no name of its own for.' },
);
