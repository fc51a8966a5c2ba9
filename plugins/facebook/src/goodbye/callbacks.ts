import { createHmac } from 'node:crypto';
import { type Desk, type Draft, GiveUp, type Page, type RawRequest, type WebhookSource, webhook } from '@enishi/plugin-sdk';
import { accountOf, allWithdrawn, forgetAccount, isConnectedSince } from '../account.ts';
import { deauthorized, deletionRequested } from '../events/account.ts';
import { forgetFriends } from '../friends.ts';
import type { Settings } from '../settings.ts';
import { body, readSignedRequest, type SignedRequest, signedRequestIn } from './signed-request.ts';
import { type Deletion, deletionKey, statusPage } from './status.ts';

/** Facebook calls it when somebody removes the app: everything they permitted is taken back. */
export const deauthorizeCallback = (settings: Settings): WebhookSource =>
  webhook({
    description: 'The deauthorise callback of the app: somebody took the app out of their Facebook account.',
    body,
    verify: (request) => readSignedRequest(signedRequestIn(request), settings.appSecret) !== undefined,
    receive: ({ signed_request }, _request, desk) =>
      withdrawn(read(signed_request, settings), { settings, desk, by: 'deauthorise callback' }),
    answer: () => ({ status: 200, contentType: 'text/plain; charset=utf-8', body: 'ok' }),
  });

/** Facebook calls it when somebody asks for deletion, and shows them the answer: where to see how far it is, and under which code. */
export const deletionCallback = (settings: Settings, urlOfSource: () => string): WebhookSource =>
  webhook({
    description: 'The data deletion callback of the app; a GET with `?id=CODE` shows a person the state of their request.',
    body,
    verify: (request) => readSignedRequest(signedRequestIn(request), settings.appSecret) !== undefined,
    receive: async ({ signed_request }, _request, desk) => {
      const request = read(signed_request, settings);
      const code = confirmationCode(signed_request, settings.appSecret);
      return [...(await withdrawn(request, { settings, desk, by: 'data deletion callback' })), await remembered(request, code, desk)];
    },
    answer: (request, desk) => json(answerFor(request, { settings, desk, urlOfSource })),
    page: statusPage,
  });

const read = (text: string, { appSecret }: Settings): SignedRequest => {
  const request = readSignedRequest(text, appSecret);
  if (request === undefined) throw new GiveUp('The signed request is not signed by Facebook.');
  return request;
};

interface Leaving {
  readonly settings: Settings;
  readonly desk: Desk;
  readonly by: string;
}

async function withdrawn({ user_id: user, issued_at }: SignedRequest, { settings, desk, by }: Leaving): Promise<Draft[]> {
  const at = new Date(issued_at * 1000);
  const account = await accountOf(desk, user);
  // An old call that is replayed after the person has connected anew must not undo that.
  const older = account !== undefined && isConnectedSince(account, at);
  const friends = older ? [] : await forgetFriends(desk, { user, at, cause: `deauthorized:${issued_at}` });
  if (!older) await forgetAccount(desk, user);
  const draft = deauthorized({
    id: `deauthorized:${user}:${issued_at}`,
    at,
    identifiers: { 'facebook.user': user },
    properties: { user_id: user },
    consents: allWithdrawn({ by: `Facebook ${by}`, issued_at }, settings),
  });
  return [draft, ...friends];
}

/** Says nothing about whose it is, and is the same each time Facebook sends the same request. */
const confirmationCode = (signedRequest: string, appSecret: string): string =>
  createHmac('sha256', appSecret).update(`deletion ${signedRequest}`).digest('hex').slice(0, 24).toUpperCase();

async function remembered({ user_id: user, issued_at }: SignedRequest, code: string, desk: Desk): Promise<Draft> {
  const at = new Date(issued_at * 1000);
  const known = await desk.state.get<Deletion>(deletionKey(code));
  if (known === undefined) await desk.state.set(deletionKey(code), { requestedAt: at.toISOString() } satisfies Deletion);
  return deletionRequested({
    id: `deletion:${code}`,
    at,
    identifiers: { 'facebook.user': user },
    properties: { user_id: user, confirmation_code: code },
  });
}

function answerFor(request: RawRequest, { settings, desk, urlOfSource }: { settings: Settings; desk: Desk; urlOfSource: () => string }) {
  const code = confirmationCode(signedRequestIn(request), settings.appSecret);
  const url = new URL(urlOfSource());
  url.searchParams.set('workspace', desk.workspace);
  url.searchParams.set('id', code);
  return { url: url.href, confirmation_code: code };
}

const json = (value: unknown): Page => ({ status: 200, contentType: 'application/json', body: JSON.stringify(value) });
