import { message } from '@enishi/plugin-line';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contract } from './contract.ts';
import { fakeLine, userNumber } from './line.ts';
import { deliveryTo, deskFor, messagesOf } from './parts.ts';

const button = (uri: string) => ({ type: 'button', action: { type: 'uri', label: '使う', uri } });
const bubbleOf = (...contents: object[]) => ({ type: 'bubble', body: { type: 'box', layout: 'vertical', contents } });
const flex = (contents: object, altText = 'クーポン') => ({ messages: [{ type: 'flex', altText, contents }] });
const text = (value: string) => ({ messages: [{ type: 'text', text: value }] });

/** Everything a program may hold. */
const everyKind = [
  {
    type: 'text',
    text: 'こんにちは',
    quickReply: { items: [{ type: 'action', action: { type: 'message', label: 'はい', text: 'はい' } }] },
  },
  { type: 'sticker', packageId: '446', stickerId: '1988', sender: { name: 'えにし屋', iconUrl: 'https://shop.example/i.png' } },
  { type: 'image', originalContentUrl: 'https://shop.example/o.jpg', previewImageUrl: 'https://shop.example/p.jpg' },
  { type: 'video', originalContentUrl: 'https://shop.example/o.mp4', previewImageUrl: 'https://shop.example/p.jpg', trackingId: 'spring' },
  { type: 'location', title: '渋谷店', address: '東京都渋谷区', latitude: 35.658, longitude: 139.7016 },
  { type: 'coupon', couponId: '01JYNW8JMQVFBNWF1APF8Z3FS7', deliveryTag: 'second' },
  {
    type: 'flex',
    altText: 'クーポン',
    contents: {
      type: 'carousel',
      contents: [
        bubbleOf({ type: 'text', text: '500円OFF', weight: 'bold' }, { type: 'separator' }, button('https://shop.example/c')),
        {
          type: 'bubble',
          hero: { type: 'image', url: 'https://shop.example/h.png', size: 'full' },
          footer: {
            type: 'box',
            layout: 'horizontal',
            contents: [{ type: 'button', action: { type: 'postback', label: 'a', data: 'action=a' } }],
          },
        },
      ],
    },
  },
];

describe('what a program may hold', () => {
  it.for(everyKind.map((one) => [one.type, one] as const))('%s, as LINE takes it', async ([, one]) => {
    await using line = await fakeLine();
    const what = message.parse({ messages: [one], unit: 'spring_2026', silent: true });
    const outcomes = await messagesOf(line.settings).send([deliveryTo(1, what), deliveryTo(2, what)] as never[], deskFor(line));
    expect(outcomes.map(({ status }) => status)).toEqual(['delivered', 'delivered']);
    expect(line.sent[0]?.messages).toEqual([one]);
  });

  it.for([
    ['no message', { messages: [] }],
    ['six messages', { messages: Array.from({ length: 6 }, () => text('a').messages[0]) }],
    ['a text of 5,001 characters', text('あ'.repeat(5001))],
    ['a broken template', text('{{#a}}')],
    ['an unescaped value', text('{{{a}}}')],
    ['a misspelt property', { messages: [{ type: 'text', txt: 'a' }] }],
    ['an altText of 1,501 characters', flex(bubbleOf({ type: 'text', text: 'a' }), 'a'.repeat(1501))],
    ['a bubble without a block', flex({ type: 'bubble' })],
    ['thirteen bubbles', flex({ type: 'carousel', contents: Array.from({ length: 13 }, () => bubbleOf({ type: 'text', text: 'a' })) })],
    ['a bubble of more than 30 KB', flex(bubbleOf(...Array.from({ length: 20 }, () => ({ type: 'text', text: 'a'.repeat(1900) }))))],
    ['a component LINE does not have', flex(bubbleOf({ type: 'marquee', text: 'a' }))],
    ['an image without https', flex(bubbleOf({ type: 'image', url: 'http://shop.example/a.png' }))],
    ['a link whose host is a value', flex(bubbleOf(button('https://{{host}}/a')))],
    ['a link that is a script', flex(bubbleOf(button('javascript:alert(1)')))],
    ['a unit with a hyphen', { ...text('a'), unit: 'spring-2026' }],
  ] as const)('not %s', ([, wrong]) => {
    expect(message.safeParse(wrong).success).toBe(false);
  });
});

describe('values in a message', () => {
  const rendered = async (what: object, traits: Record<string, unknown>) => {
    await using line = await fakeLine();
    const outcomes = await messagesOf(line.settings).send([deliveryTo(1, message.parse(what), { traits })] as never[], deskFor(line));
    return { outcome: outcomes[0], message: line.sent[0]?.messages[0] };
  };

  it('change neither the make of the message nor where a link leads, whatever they are', async () => {
    const what = flex(bubbleOf({ type: 'text', text: '{{name}}さん' }, button('https://shop.example/c?id={{name}}')));
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 50, unit: 'grapheme' }), async (name) => {
        fc.pre(name.isWellFormed());
        const { message: sent } = await rendered(what, { name });
        expect(sent).toEqual({
          ...what.messages[0],
          contents: bubbleOf({ type: 'text', text: `${name}さん` }, button(`https://shop.example/c?id=${encodeURIComponent(name)}`)),
        });
      }),
      { numRuns: 30 },
    );
  });

  it('come from traits with dots, lists as a text, and fall back', async () => {
    const what = { ...text('{{ec.favourite}} {{tags}} {{rank}}'), fallbacks: { rank: '一般' } };
    const { message: sent } = await rendered(what, { 'ec.favourite': '緑茶', tags: ['茶', '菓子'], rank: '' });
    expect(sent).toEqual({ type: 'text', text: '緑茶 茶, 菓子 一般' });
  });

  it('that make a text too long reject it', async () => {
    expect((await rendered(text('{{a}}'), { a: 'あ'.repeat(5001) })).outcome).toEqual({
      status: 'rejected',
      reason: 'the text has 5001 characters',
    });
  });
});

describe("the tests' own check against LINE's contract", () => {
  const push = (body: object) =>
    contract('messaging-api').requestFaults({
      method: 'POST',
      path: '/v2/bot/message/push',
      query: {},
      headers: { 'content-type': 'application/json' },
      body,
    });
  const to = userNumber(1);

  it('lets a right request through', () => {
    expect(push({ to, ...text('a') })).toEqual([]);
  });

  it.for([
    ['a missing recipient', text('a')],
    ['six messages', { to, messages: Array.from({ length: 6 }, () => text('a').messages[0]) }],
    ['a property LINE does not know', { to, ...text('a'), silent: true }],
    ['one deep inside', { to, ...flex(bubbleOf({ type: 'text', text: 'a', colour: '#ffffff' })) }],
    ['a kind LINE does not have', { to, messages: [{ type: 'poll', text: 'a' }] }],
    ['a wrong type', { to, messages: [{ type: 'location', title: 'a', address: 'b', latitude: '35', longitude: 139 }] }],
  ] as const)('finds %s', ([, wrong]) => {
    expect(push(wrong)).not.toEqual([]);
  });

  it('finds a retry key that is no UUID, and a wrong answer', () => {
    const call = { method: 'POST', path: '/v2/bot/message/push' };
    const headers = { 'content-type': 'application/json', 'x-line-retry-key': 'again' };
    expect(contract('messaging-api').requestFaults({ ...call, query: {}, headers, body: { to, ...text('a') } })).toHaveLength(1);
    expect(contract('messaging-api').answerFaults(call, 200, {})).toHaveLength(1);
    expect(contract('messaging-api').answerFaults(call, 400, { error: 'a' })).toHaveLength(1);
  });
});
