import { clock, createDesk, deliveryNumber, fakeVendor, senderOf } from '@enishi/testkit';
import { testPlugin } from '@enishi/testkit/conformance';
import { expect, it } from 'vitest';
import { webhook } from '../src/index.ts';
import { sign } from '../src/sign.ts';

const signingSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8G';
const message = { event: 'vip.joined', data: { tier: 'gold' } };

testPlugin(webhook, (vendor) => {
  vendor.on('POST /enishi', { status: 204 });
  return { config: { url: `${vendor.url}/enishi`, signingSecret }, destinations: { call: { message, recipient: {} } } };
});

it('signs as the specification does', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const call = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: '1614265330', body: '{"test": 2432232314}' };
  expect(sign({ secret, ...call })).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

it('says who, why and what, under a signature of exactly that', async () => {
  await using vendor = await fakeVendor();
  vendor.on('POST /enishi', { status: 200, body: 'ok' });
  const plugin = webhook({ url: `${vendor.url}/enishi`, signingSecret });
  const delivery = deliveryNumber(1, message);
  const desk = createDesk({ hosts: plugin.hosts, now: clock('2026-01-05T00:00:00Z').now });
  expect(await senderOf(plugin, 'call')([delivery], desk)).toEqual([{ status: 'delivered' }]);
  const [call] = vendor.requests;
  const { id, workspace, recipient, cause } = delivery;
  expect(call?.json()).toEqual({ ...message, workspace, customer: recipient, cause });
  const timestamp = '1767571200';
  const signature = sign({ secret: signingSecret, id, timestamp, body: call?.text ?? '' });
  expect(call?.headers).toMatchObject({ 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature });
});

it.each(['short', 'whsec_c2hvcnQ=', ''])('refuses the secret %j', (wrong) => {
  expect(() => webhook({ url: 'https://shop.example/enishi', signingSecret: wrong })).toThrow(/signingSecret/);
});
