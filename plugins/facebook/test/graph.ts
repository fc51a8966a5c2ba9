import { facebook } from '@enishi/plugin-facebook';
import type { AccountLinkSource, Desk, Draft, Plugin, WebhookSource } from '@enishi/plugin-sdk';
import { createDesk, type FakeVendor, rawRequest, signHmac, sourceOf, type TestDesk } from '@enishi/testkit';

export const appSecret = 'app-secret';
export const pageToken = 'page-token-104';

export const settingsFor = (vendor: { url: string }) => ({
  appId: '4711',
  appSecret,
  verifyToken: 'verify-me-please',
  pages: [{ id: '104', accessToken: pageToken }],
  permissions: ['public_profile', 'email', 'user_birthday', 'user_likes', 'user_posts', 'user_friends'] as const,
  graphUrl: vendor.url,
});

type Input = Parameters<typeof facebook>[0];

export const pluginFor = (vendor: { url: string }, more: Partial<Input> = {}): Plugin =>
  facebook({ ...settingsFor(vendor), permissions: [...settingsFor(vendor).permissions], ...more });

export const webhookOf = (plugin: Plugin, name: string): WebhookSource => sourceOf(plugin, name, 'webhook');
export const loginOf = (plugin: Plugin): AccountLinkSource => sourceOf(plugin, 'login', 'account-link');

export const deskFor = (vendor: FakeVendor): TestDesk => createDesk({ hosts: [vendor.host] });

/** What the webhook makes of a body, sent as Facebook sends it. */
export async function notified(plugin: Plugin, body: unknown, desk: Desk): Promise<readonly Draft[]> {
  const hook = webhookOf(plugin, 'updates');
  const request = rawRequest({ json: body });
  return hook.receive(hook.body.parse(body), request, desk);
}

export const signed = signHmac({ header: 'x-hub-signature-256', secret: appSecret, encoding: 'hex', prefix: 'sha256=' });

export const departure = {
  identifiers: { user: 'taro' },
  state: 'state-1',
  returnUrl: 'https://cdp.example/links/facebook/login/return',
};

export const returned = (query: Record<string, string>) => rawRequest({ method: 'GET', query });

interface Person {
  readonly id: string;
  readonly granted: readonly string[];
  readonly declined?: readonly string[];
  readonly friends?: readonly string[];
  readonly profile?: Readonly<Record<string, unknown>>;
}

/** The Graph API as it answers for this person: code `code-ID`, tokens `short-ID` and `long-ID`. */
export function answerFor(vendor: FakeVendor, { id, granted, declined = [], friends = [], profile = {} }: Person): void {
  vendor.on('GET /v25.0/oauth/access_token', ({ query }) => ({
    json: { access_token: query.code === undefined ? `long-${id}` : `short-${id}`, token_type: 'bearer', expires_in: 5183944 },
  }));
  vendor.on('GET /v25.0/debug_token', {
    json: { data: { app_id: '4711', user_id: id, is_valid: true, expires_at: 1800469637, scopes: granted } },
  });
  const list = (names: readonly string[], status: string) => names.map((permission) => ({ permission, status }));
  vendor.on('GET /v25.0/me/permissions', { json: { data: [...list(granted, 'granted'), ...list(declined, 'declined')] } });
  vendor.on('GET /v25.0/me', { json: { id, ...profile } });
  vendor.on('GET /v25.0/me/friends', { json: { data: friends.map((friend) => ({ id: friend, name: 'F' })) } });
}

export const link = async (plugin: Plugin, vendor: FakeVendor, { person, desk }: { person: Person; desk: Desk }) => {
  answerFor(vendor, person);
  return loginOf(plugin).arrive(returned({ code: `code-${person.id}`, state: 'state-1' }), departure, desk);
};

/** As the line stores it: `undefined` is not there. */
export const plain = <TValue>(value: TValue): TValue => JSON.parse(JSON.stringify(value)) as TValue;
