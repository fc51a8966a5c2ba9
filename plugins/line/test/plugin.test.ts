import { line } from '@enishi/plugin-line';
import { rawRequest, signHmac } from '@enishi/testkit';
import { testPlugin } from '@enishi/testkit/conformance';
import { bot, channelAccessToken, channelSecret, lineEvent, lineOn, userNumber } from './line.ts';

const call = (...events: object[]) => rawRequest({ json: { destination: bot, events } });
const person = (n: number) => ({ id: `customer-${n}`, identifiers: { 'line.user': [userNumber(n)] } });
const sending = {
  recipient: person(0),
  another: person,
  key: ({ headers }: { headers: Readonly<Record<string, string | undefined>> }) => headers['x-line-retry-key'],
};
const message = { messages: [{ type: 'text', text: 'こんにちは' }] };
const claims = { iss: 'https://access.line.me', sub: userNumber(1), aud: '1234567890', exp: 4_102_444_800, nonce: 'n', name: '花子' };

testPlugin(line, (vendor) => {
  lineOn(vendor, vendor);
  vendor.on('POST /oauth2/v2.1/token', { json: { access_token: 'access', id_token: 'id', scope: 'openid profile' } });
  vendor.on('POST /oauth2/v2.1/verify', { json: claims });
  vendor.on('GET /friendship/v1/status', { json: { friendFlag: true } });
  return {
    config: {
      channelSecret,
      channelAccessToken,
      login: { channelId: '1234567890', channelSecret: 'login-secret' },
      apiUrl: vendor.url,
      dataUrl: vendor.url,
    },
    webhooks: {
      webhook: {
        calls: {
          verify: call(),
          friends: call(
            lineEvent('follow', { replyToken: 't', follow: { isUnblocked: false } }),
            lineEvent('message', { replyToken: 't', message: { id: '1', type: 'text', text: 'はい', quoteToken: 'q' } }),
            lineEvent('unfollow'),
          ),
          link: call(lineEvent('accountLink', { replyToken: 't', link: { result: 'ok', nonce: 'given-out' } })),
        },
        sign: signHmac({ header: 'x-line-signature', secret: channelSecret, encoding: 'base64' }),
        silent: ['verify'],
        prepare: (desk) => desk.state.set('nonce/given-out', { user: 'taro' }, { secret: true }),
      },
    },
    backfills: { friends: { options: {}, drafts: 6 } },
    accountLinks: {
      login: {
        identifiers: { user: 'taro' },
        returned: (state) => rawRequest({ method: 'GET', query: { code: 'code', state } }),
        refused: (state) => rawRequest({ method: 'GET', query: { error: 'access_denied', error_description: 'refused', state } }),
        prepare: (desk) => desk.state.set('login/b7c1e0b4f1d24a0d9d1f6c2c7e5a3f90', { verifier: 'v', nonce: 'n' }, { secret: true }),
      },
    },
    destinations: { message: { ...sending, message }, notice: { ...sending, message } },
    audiences: { audience: { ...sending, key: 'none', message: { audience: 'ゴールド会員' } } },
  };
});
