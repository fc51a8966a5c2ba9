import { foursquare } from '@enishi/plugin-foursquare';
import type { AccountLinkSource, Desk, Draft, Plugin, RawRequest, WebhookSource } from '@enishi/plugin-sdk';
import { backfillReaderOf, createDesk, type FakeVendor, rawRequest, sourceOf, type TestDesk } from '@enishi/testkit';

export const pushSecret = 'PUSHSECRET';
export const movementSecret = 'movement-secret';

type Input = Parameters<typeof foursquare>[0];

export const settingsFor = ({ url }: { url: string }): Input => ({
  clientId: 'CLIENT',
  clientSecret: 'client-secret',
  pushSecret,
  movementSecret,
  apiUrl: url,
  siteUrl: url,
});

export const pluginFor = (vendor: { url: string }, more: Partial<Input> = {}): Plugin => foursquare({ ...settingsFor(vendor), ...more });
export const alone = (more: Partial<Input> = {}): Plugin => pluginFor({ url: 'https://api.foursquare.com' }, more);

export const webhookOf = (plugin: Plugin, name: string): WebhookSource => sourceOf(plugin, name, 'webhook');
export const historyOf = (plugin: Plugin) => backfillReaderOf(plugin, 'history');
export const loginOf = (plugin: Plugin): AccountLinkSource => sourceOf(plugin, 'login', 'account-link');
export const deskFor = (vendor: FakeVendor): TestDesk => createDesk({ hosts: [vendor.host] });

/** The check-in of the documentation, and one like it. */
export const tokyoTower = {
  id: '5f2a1b3c4d5e6f708192a3b4',
  createdAt: 1795285637,
  type: 'checkin',
  timeZoneOffset: 540,
  visibility: 'public',
  editableUntil: 1795372037000,
  shout: '昼休み',
  user: { id: '1709193', firstName: 'Taro' },
  venue: {
    id: '4b4429abf964a520a80f25e3',
    name: '東京タワー',
    location: {
      address: '芝公園4-2-8',
      lat: 35.6586,
      lng: 139.7454,
      postalCode: '105-0011',
      cc: 'JP',
      city: '港区',
      state: '東京都',
      country: '日本',
    },
    categories: [
      {
        id: '4bf58dd8d48988d12d941735',
        name: 'Monument',
        pluralName: 'Monuments',
        shortName: 'Landmark',
        icon: { prefix: 'https://ss3.4sqi.net/img/categories_v2/building/government_monument_', suffix: '.png' },
        primary: true,
      },
    ],
  },
};
export const user = { id: '1709193', firstName: 'Taro', lastName: 'Yamada' };
export const coffeeShop = '4bf58dd8d48988d1e0931735';

export const checkin = (number: number, category: { id: string; name: string } = { id: coffeeShop, name: 'Coffee Shop' }) => ({
  ...tokyoTower,
  id: number.toString(16).padStart(24, '0'),
  createdAt: 1700000000 + number * 60,
  venue: { ...tokyoTower.venue, categories: [{ ...category, primary: true }] },
});

export const form = (sent: object, secret = pushSecret): RawRequest =>
  rawRequest({ form: { checkin: JSON.stringify(sent), user: JSON.stringify(user), secret } });

/** What the push makes of a request, as the house parses it. */
export async function pushed(plugin: Plugin, request: RawRequest, desk: Desk): Promise<readonly Draft[]> {
  const hook = webhookOf(plugin, 'push');
  const text = Buffer.from(request.body).toString();
  const isForm = request.headers['content-type']?.includes('form') === true;
  const body = isForm ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
  return hook.receive(hook.body.parse(body), request, desk);
}

export const v2 = (response: unknown) => ({ json: { meta: { code: 200, requestId: 'r' }, response } });
export const refusal = (code: number, errorType: string, headers: Record<string, string> = {}) => ({
  status: code,
  headers,
  json: { meta: { code, errorType, errorDetail: 'no', requestId: 'r' }, response: {} },
});

/** The history of an account: these check-ins, newest first, at most a hundred at a time whatever was asked for. */
export const answerHistory = (vendor: FakeVendor, all: readonly { createdAt: number }[]) =>
  vendor.on('GET /v2/users/self/checkins', ({ query }) => {
    const { offset = '0', limit = '100', beforeTimestamp = '9e12', afterTimestamp = '0' } = query;
    const wanted = all
      .filter(({ createdAt }) => createdAt <= Number(beforeTimestamp) && createdAt >= Number(afterTimestamp))
      .toSorted((one, other) => other.createdAt - one.createdAt);
    return v2({ checkins: { count: wanted.length, items: wanted.slice(Number(offset), Number(offset) + Math.min(100, Number(limit))) } });
  });

export const connect = (desk: Desk): Promise<void> => desk.state.set('token:1709193', 'user-token-1709193', { secret: true });

export const plain = <TValue>(value: TValue): TValue => JSON.parse(JSON.stringify(value)) as TValue;
