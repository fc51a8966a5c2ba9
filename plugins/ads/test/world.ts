import { generateKeyPairSync } from 'node:crypto';
import type { AudienceDestination, MessageDestination, Outcome, Plugin, Recipient } from '@enishi/plugin-sdk';
import { changeNumber, createDesk, type DeskOptions, deliveryNumber, type FakeVendor, fakeVendor } from '@enishi/testkit';
import { ads } from '../src/index.ts';

export const now = new Date('2026-11-21T23:30:00.123Z');

export type AdsSettings = Parameters<typeof ads>[0];

/** Somebody with everything, most of which nobody has configured. */
export const hanako: Recipient = {
  id: 'customer-1',
  identifiers: { email: ['Taro.Yamada@example.com', 'taro@gmail.com'], phone: ['+819012345678'], member: ['m-551'] },
  traits: {
    firstName: 'Mary',
    lastName: 'ﾔﾏﾀﾞ',
    birthday: '1990-05-01',
    gender: '女性',
    address: { postalCode: '〒150-0002', state: '東京', city: '渋谷区', country: 'Japan', street: '神宮前1-1-1' },
    income: 5_000_000,
  },
};

export const named = {
  givenName: { trait: 'firstName' },
  familyName: { trait: 'lastName' },
  birthday: { trait: 'birthday' },
  gender: { trait: 'gender' },
  postalCode: { trait: 'address', key: 'postalCode' },
  prefecture: { trait: 'address', key: 'state' },
  city: { trait: 'address', key: 'city' },
  country: { trait: 'address', key: 'country' },
  externalId: { identifier: 'member' },
} as const;

export const person = (n: number): Recipient => ({ id: `customer-${n}`, identifiers: { email: [`p${n}@example.jp`] }, traits: {} });

export const deskFor = (plugin: Plugin, over: DeskOptions = {}) => createDesk({ hosts: plugin.hosts, now: () => now, ...over });

const host = { urlOf: () => 'https://cdp.example/hooks' };

export function audienceOf(plugin: Plugin, name: string): AudienceDestination {
  const found = plugin.setup(host).destinations?.[name];
  if (found?.kind !== 'audience') throw new Error(`no audience ${name}`);
  return found;
}

export function messagesOf(plugin: Plugin, name: string): MessageDestination {
  const found = plugin.setup(host).destinations?.[name];
  if (found?.kind !== 'message') throw new Error(`no destination ${name}`);
  return found;
}

/** Changes of one audience, one for each person. */
export const changes = (message: unknown, people: readonly Recipient[], operation: 'ADD' | 'REMOVE' = 'ADD') =>
  people.map((recipient, n) => changeNumber(n, message as never, { recipient, operation }));

export const deliveries = (message: unknown, people: readonly Recipient[]) =>
  people.map((recipient, n) => deliveryNumber(n, message as never, { recipient }));

export const statusesOf = (outcomes: readonly Outcome[]) => outcomes.map(({ status }) => status);

export const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** Meta as it answers when all is well. */
export function metaOn(vendor: FakeVendor): NonNullable<AdsSettings['meta']> {
  const taken = { json: { audience_id: '120', session_id: '77', num_received: 1, num_invalid_entries: 0, invalid_entry_samples: {} } };
  vendor.on('POST /v24.0/:audience/users', taken);
  vendor.on('DELETE /v24.0/:audience/users', taken);
  vendor.on('POST /v24.0/:audience/usersreplace', taken);
  vendor.on('GET /v24.0/:node', { json: { id: '1' } });
  vendor.on('POST /v24.0/:dataset/events', (request) => ({
    json: { events_received: (request.json() as { data: unknown[] }).data.length, messages: [], fbtrace_id: 'A1' },
  }));
  return { accessToken: 'token-of-the-tests', appSecret: 'app-secret', baseUrl: vendor.url };
}

/** Google as it answers when all is well: each call gets a number. */
export function googleOn(vendor: FakeVendor): NonNullable<AdsSettings['google']> {
  let number = 0;
  const taken = () => {
    number += 1;
    return { json: { requestId: `request-${number}` } };
  };
  vendor.on('POST /token', { json: { access_token: 'ya29.of-the-tests', expires_in: 3599, token_type: 'Bearer' } });
  vendor.on('POST /v1/audienceMembers*', taken);
  vendor.on('GET /v1/requestStatus*', { json: { requestStatusPerDestination: [{ requestStatus: 'SUCCESS' }] } });
  return {
    clientEmail: 'enishi@project.iam.gserviceaccount.com',
    privateKey,
    operatingAccount: '123-456-7890',
    loginAccount: '987-654-3210',
    baseUrl: vendor.url,
    tokenUrl: `${vendor.url}/token`,
  };
}

interface Body {
  readonly audienceMembers?: readonly { readonly consent?: unknown; readonly userData: { readonly userIdentifiers: readonly unknown[] } }[];
  readonly [name: string]: unknown;
}

/** The destination `ads.google` and a Google that takes what it is told. */
export async function createGoogle(over: Partial<NonNullable<AdsSettings['google']>> = {}) {
  const vendor = await fakeVendor();
  const plugin = ads({ known: named, google: { ...googleOn(vendor), ...over } });
  const calls = () => vendor.requests.filter(({ path }) => path.startsWith('/v1/audienceMembers'));
  return {
    vendor,
    plugin,
    google: audienceOf(plugin, 'google'),
    desk: deskFor(plugin),
    calls,
    bodies: () => calls().map((request) => request.json() as Body),
    operations: () => calls().map(({ path }) => path.slice(path.indexOf(':') + 1)),
    [Symbol.asyncDispose]: () => vendor.stop(),
  };
}
