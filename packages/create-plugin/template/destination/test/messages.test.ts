import { deliveryNumber, fakeVendor, senderOf } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { acmePlugin } from '../src/index.ts';
import { config, message } from './examples.ts';

it('gives Acme the message under its idempotency key, and keeps the reference', async () => {
  await using vendor = await fakeVendor();
  vendor.on('POST /messages', { status: 201, json: { id: 'm-7' } });
  const delivery = deliveryNumber(1, message);
  const send = senderOf(acmePlugin({ ...config, apiUrl: vendor.url }), 'messages');
  expect(await send([delivery])).toEqual([{ status: 'delivered', reference: 'm-7' }]);
  const [call] = vendor.requests;
  expect(call?.json()).toEqual({ to: delivery.recipient.identifiers.email?.[0], ...message });
  expect(call?.headers).toMatchObject({ authorization: `Bearer ${config.apiKey}`, 'idempotency-key': delivery.id });
});

it('does not repeat what Acme calls wrong', async () => {
  await using vendor = await fakeVendor();
  vendor.on('POST /messages', { status: 422, json: { error: 'no such template' } });
  const send = senderOf(acmePlugin({ ...config, apiUrl: vendor.url }), 'messages');
  expect(await send([deliveryNumber(1, message)])).toMatchObject([{ status: 'rejected' }]);
});
