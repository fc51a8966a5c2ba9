import { callerOf, rawRequest, signHmac } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { acmePlugin } from '../src/index.ts';
import { config, order } from './examples.ts';

const sign = signHmac({ header: 'x-acme-signature', secret: config.signingSecret, encoding: 'hex' });
const call = callerOf(acmePlugin(config), 'orders');

it('makes an event of an order', async () => {
  expect(await call(sign(rawRequest({ json: { orders: [order] } })))).toMatchObject({
    status: 'taken',
    drafts: [
      {
        type: 'acme.order_placed',
        id: 'o-1',
        at: new Date('2026-01-05T09:30:00Z'),
        identifiers: { 'acme.account': 'a-1', email: 'hanako@shop.example' },
        properties: { total: 1200, currency: 'JPY' },
        traits: [{ trait: 'acme.tier', value: 'plus' }],
      },
    ],
  });
});

it('refuses an order without its total', async () => {
  const { total: _, ...rest } = order;
  expect(await call(sign(rawRequest({ json: { orders: [rest] } })))).toMatchObject({ status: 'misshapen' });
});
