import { deliveryNumber, fakeVendor, recipientNumber, senderOf } from '@enishi/testkit';
import { testPlugin } from '@enishi/testkit/conformance';
import { expect, it } from 'vitest';
import { sms } from '../src/index.ts';

const key = 'gateway-key-1';
const message = { text: '本日限り10%引き' };

testPlugin(sms, (vendor) => {
  vendor.on('POST /messages', { json: { id: 'm-1' } });
  return {
    config: { url: `${vendor.url}/messages`, key },
    destinations: { message: { message, recipient: {}, says: { refusal: { json: { error: 'no credit' } } } } },
  };
});

async function gateway() {
  const vendor = await fakeVendor();
  const send = senderOf(sms({ url: `${vendor.url}/messages`, key, sender: 'Enishi' }), 'message');
  return { vendor, send: () => send([deliveryNumber(1, message)]) };
}

it('tells the gateway the number, the text and the sender, and keeps its reference', async () => {
  const { vendor, send } = await gateway();
  await using _ = vendor;
  vendor.on('POST /messages', { status: 202, json: { id: 'm-7' } });
  expect(await send()).toEqual([{ status: 'delivered', reference: 'm-7' }]);
  const [call] = vendor.requests;
  expect(call?.json()).toEqual({ to: recipientNumber(1).identifiers.phone?.[0], text: message.text, sender: 'Enishi' });
  expect(call?.headers).toMatchObject({ authorization: `Bearer ${key}`, 'idempotency-key': deliveryNumber(1, message).id });
});

it.each([
  [{ status: 422, json: { error: 'unreachable' } }, 'unreachable'],
  [{ status: 200, json: { error: 'unreachable' } }, 'unreachable'],
  [{ status: 400, json: { error: 'text too long' } }, 'rejected'],
  [{ status: 404, body: 'nothing here' }, 'rejected'],
  [{ status: 200, body: 'OK' }, 'retry'],
])('reads %j as %s', async (answer, status) => {
  const { vendor, send } = await gateway();
  await using _ = vendor;
  vendor.on('POST /messages', answer);
  expect(await send()).toEqual([expect.objectContaining({ status })]);
});
