import {
  type Desk,
  type Draft,
  hmacSignature,
  type Page,
  type RawRequest,
  sameSecret,
  type WebhookSource,
  webhook,
} from '@enishi/plugin-sdk';
import { readJson } from '../lossless.ts';
import type { Settings } from '../settings.ts';
import { type Entry, notification } from './envelope.ts';
import { engagementIn } from './feed.ts';
import { leadsIn } from './leads.ts';
import { messagesIn } from './messenger.ts';
import { permissionChangesIn } from './permissions.ts';
import { userChangesIn } from './user.ts';

export const signatureHeader = 'x-hub-signature-256';

/** One webhook for all the objects an app subscribes to: `page`, `user`, `permissions`. Leads and likes come as ids and are fetched, so the work is done behind the answer. */
export const updatesWebhook = (settings: Settings): WebhookSource =>
  webhook({
    description: 'Page engagement, lead forms, Messenger, changed likes and permissions: the callback of the app’s webhooks.',
    body: notification,
    verify: hmacSignature({ header: signatureHeader, secret: settings.appSecret, encoding: 'hex', prefix: 'sha256=' }),
    work: 'later',
    page: (request) => challenge(request, settings.verifyToken),
    // Facebook asks for a 200, not the 202 of a call that is only stored, and leaves off calling an endpoint that keeps failing.
    answer: () => plain(200, 'ok'),
    // Read once more from the bytes: the ids of the parsed body have lost digits where Facebook wrote them as numbers.
    receive: (_body, request, desk) => draftsIn(notification.parse(readJson(Buffer.from(request.body).toString())), { settings, desk }),
  });

export interface Work {
  readonly settings: Settings;
  readonly desk: Desk;
}

async function draftsIn({ object, entry: entries }: ReturnType<typeof notification.parse>, work: Work): Promise<Draft[]> {
  const read = readers[object];
  if (read === undefined) {
    work.desk.log.warn('Facebook sent a kind of object this plugin does not know.', { object });
    return [];
  }
  const drafts: Draft[] = [];
  for (const entry of entries) drafts.push(...(await read(entry, work)));
  return drafts;
}

const readers: Readonly<Record<string, (entry: Entry, work: Work) => Promise<Draft[]>>> = {
  page: async (entry, work) => [...engagementIn(entry), ...messagesIn(entry), ...(await leadsIn(entry, work))],
  permissions: permissionChangesIn,
  user: userChangesIn,
};

const plain = (status: number, body: string): Page => ({ status, contentType: 'text/plain; charset=utf-8', body });

/** Facebook sets a webhook up only if its challenge comes back bare, and ours is set up only by who knows the word. */
function challenge({ query }: RawRequest, verifyToken: string): Page {
  const known = query['hub.mode'] === 'subscribe' && sameSecret(query['hub.verify_token'] ?? '', verifyToken);
  return known ? plain(200, query['hub.challenge'] ?? '') : plain(403, 'The verify token is wrong.');
}
