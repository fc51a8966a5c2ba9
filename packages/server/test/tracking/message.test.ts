import { Registry } from '@enishi/core';
import { definePlugin, event } from '@enishi/plugin-sdk';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { submissionOf } from '../../src/tracking/message.ts';

const ordered = event('shop.order_placed', z.object({ order_id: z.string(), total: z.number() }), {
  description: 'An order.',
  trackedAs: ['Order Completed'],
});
const shop = definePlugin({ name: 'shop', description: 'A shop.', config: z.object({}), events: [ordered] });
const registry = new Registry([shop({})]);
const receivedAt = new Date('2026-11-21T10:00:00Z');

const say = (message: Record<string, unknown>, type = String(message.type)) => submissionOf(message, type, { registry, receivedAt });

describe('a tracking message in the words of the line', () => {
  it('identify brings identifiers and traits', () => {
    const traits = { email: 'hanako@shop.example.jp', phone: '090-1234-5678', rank: 'gold' };
    expect(say({ type: 'identify', messageId: 'm1', userId: 'u1', anonymousId: 'a1', traits })).toEqual({
      id: 'm1',
      type: 'enishi.identified',
      properties: {},
      at: receivedAt,
      identifiers: { user: 'u1', anonymous: 'a1', email: 'hanako@shop.example.jp', phone: '090-1234-5678' },
      traits,
      context: {},
    });
  });

  it('traits of the context are the person’s too, and those of the message win', () => {
    const said = say({ type: 'identify', userId: 'u1', context: { traits: { rank: 'silver', age: 30 } }, traits: { rank: 'gold' } });
    expect(said.traits).toEqual({ rank: 'gold', age: 30 });
  });

  it('track under a name a plugin knows becomes its typed event', () => {
    const said = say({ type: 'track', userId: 'u1', event: 'Order Completed', properties: { order_id: 'o1', total: 1200 } });
    expect(said).toMatchObject({ type: 'shop.order_placed', properties: { order_id: 'o1', total: 1200 } });
  });

  it('track under any other name keeps the name', () => {
    const said = say({ type: 'track', userId: 'u1', event: 'Quiz Won', properties: { event: 'lost', score: 3 } });
    expect(said).toMatchObject({ type: 'enishi.tracked', properties: { event: 'Quiz Won', score: 3 } });
  });

  it('page takes what the browser says of it, and its own properties win', () => {
    const page = { url: 'https://shop.example/a', path: '/a', title: 'A', search: '' };
    const said = say({ type: 'page', anonymousId: 'a1', name: 'Home', category: 'Top', context: { page }, properties: { title: 'B' } });
    expect(said.type).toBe('enishi.page_viewed');
    expect(said.properties).toEqual({ url: 'https://shop.example/a', path: '/a', title: 'B', name: 'Home', category: 'Top' });
  });

  it('traits of a group stay out of the customer', () => {
    const said = say({ type: 'group', userId: 'u1', groupId: 7, traits: { name: 'Acme', email: 'office@acme.example' } });
    expect(said).toMatchObject({ type: 'enishi.grouped', properties: { group_id: '7', traits: { name: 'Acme' } } });
    expect(said).not.toHaveProperty('traits');
    expect(said.identifiers).toEqual({ user: 'u1' });
  });

  it('alias ties the previous id to the user', () => {
    expect(say({ type: 'alias', userId: 'u1', previousId: 'a1' })).toMatchObject({
      type: 'enishi.linked',
      identifiers: { user: 'u1', anonymous: 'a1' },
    });
  });

  it('an unknown type is handed on whole for the quarantine', () => {
    const said = say({ type: 'purchase', userId: 'u1', amount: 3 });
    expect(said).toMatchObject({ type: 'tracking.purchase', properties: { amount: 3 } });
  });

  it('category preferences become decisions, one purpose each', () => {
    const context = { ip: '192.0.2.1', consent: { categoryPreferences: { Advertising: true, 'Data Sharing': false, Odd: 'yes' } } };
    const said = say({ type: 'track', event: 'x', userId: 'u1', context });
    expect(said.consents?.map(({ purpose, channel, state }) => [purpose, channel, state])).toEqual([
      ['advertising', '*', 'GIVEN'],
      ['data_sharing', '*', 'REFUSED'],
    ]);
    expect(said.context).toEqual({ ip: '192.0.2.1' });
  });

  it('integrations stay with the event', () => {
    expect(say({ type: 'track', event: 'x', userId: 'u1', integrations: { All: false } }).context).toEqual({
      integrations: { All: false },
    });
  });
});
