import { createDesk, rawRequest } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { channelAccessToken, channelSecret, hookCall, lineEvent, userNumber } from './line.ts';
import { hookOf, received } from './parts.ts';

const settings = { channelSecret, channelAccessToken };
const desk = createDesk();
const user = { 'line.user': userNumber(1) };

describe('the signature', () => {
  // Vector made with LINE's SDK.
  const [body, signature] = [
    '{"destination":"U0123456789abcdef0123456789abcdef","events":[]}',
    'jf25xJvvO5v9d2ZQfbqDAJpTXGkPo05yL58KeY315J8=',
  ];
  const call = (text: string, header: string) => rawRequest({ body: text, headers: { 'X-Line-Signature': header } });

  it('is the Base64 HMAC-SHA256 of the raw body with the channel secret', async () => {
    expect(await hookOf(settings).verify(call(body, signature), desk)).toBe(true);
  });

  it.each([
    ['another body', `${body} `, signature],
    ['another channel', body, '8v4fZ3Q0vX9JmT3iGkq6cW8Xwz2mXqv2E6v1e0f7o3E='],
    ['nothing', body, ''],
  ])('is refused for %s', async (_, sent, header) => {
    expect(await hookOf(settings).verify(call(sent, header), desk)).toBe(false);
  });

  it("is enough for the console's Verify button, which sends no events", async () => {
    const call = hookCall([]);
    expect(await hookOf(settings).verify(call, desk)).toBe(true);
    expect(await received(hookOf(settings), [], desk)).toEqual([]);
  });
});

describe('what friends do', () => {
  const reader = hookOf({ ...settings, messages: { keywords: ['クーポン', 'HELP'] } });
  const one = async (event: object, hook = reader) => (await received(hook, [event], desk))[0];

  it('keeps the id and the time of the event, so that a redelivered one is a duplicate', async () => {
    const event = lineEvent('unsend', { unsend: { messageId: '325708' } });
    const first = await one(event);
    expect(first).toMatchObject({ id: event.webhookEventId, at: new Date(event.timestamp), identifiers: user });
    expect(await one({ ...event, deliveryContext: { isRedelivery: true } })).toEqual(first);
  });

  it.for([
    ['unsend', { unsend: { messageId: '325708' } }, 'line.message_unsent', { messageId: '325708' }],
    [
      'postback',
      { replyToken: 't', postback: { data: 'action=buy&item=7', params: { date: '2026-12-24' } } },
      'line.postback_received',
      { data: 'action=buy&item=7', fields: { action: 'buy', item: '7' }, params: { date: '2026-12-24' } },
    ],
    [
      'beacon',
      { replyToken: 't', beacon: { hwid: 'd41d8cd98f', type: 'enter', dm: '0a1b' } },
      'line.beacon_seen',
      { hardwareId: 'd41d8cd98f', kind: 'enter', deviceMessage: '0a1b' },
    ],
    [
      'membership',
      { replyToken: 't', membership: { type: 'renewed', membershipId: 3189 } },
      'line.membership_changed',
      { membershipId: 3189, change: 'renewed' },
    ],
    ['videoPlayComplete', { replyToken: 't', videoPlayComplete: { trackingId: 'spring' } }, 'line.video_watched', { trackingId: 'spring' }],
  ] as const)('reads %s', async ([type, about, name, properties]) => {
    expect(await one(lineEvent(type, about))).toMatchObject({ type: name, identifiers: user, properties });
  });

  const text = (written: string) =>
    lineEvent('message', { replyToken: 't', message: { id: '468789', type: 'text', text: written, quoteToken: 'q' } });

  it('knows a keyword however it is typed, and keeps nothing else of what people write', async () => {
    expect((await one(text(' ｈｅｌｐ')))?.properties).toEqual({ messageId: '468789', kind: 'text', keyword: 'HELP' });
    expect((await one(text('電話番号は090です')))?.properties).toEqual({ messageId: '468789', kind: 'text' });
  });

  it('keeps texts where the settings say so', async () => {
    const keeping = hookOf({ ...settings, messages: { keepText: true } });
    expect((await one(text('営業時間は？'), keeping))?.properties).toEqual({ messageId: '468789', kind: 'text', text: '営業時間は？' });
  });

  it('reads stickers, pictures and places', async () => {
    const sticker = { id: '1', type: 'sticker', packageId: '446', stickerId: '1988', stickerResourceType: 'STATIC', quoteToken: 'q' };
    const image = { id: '2', type: 'image', quoteToken: 'q', contentProvider: { type: 'line' } };
    const place = { id: '3', type: 'location', title: '渋谷店', latitude: 35.658, longitude: 139.7016 };
    const drafts = await received(
      reader,
      [sticker, image, place].map((message) => lineEvent('message', { replyToken: 't', message })),
      desk,
    );
    expect(drafts.map(({ type, properties }) => [type, properties])).toEqual([
      ['line.message_received', { messageId: '1', kind: 'sticker', sticker: '446/1988' }],
      ['line.message_received', { messageId: '2', kind: 'image' }],
      ['line.location_shared', { messageId: '3', title: '渋谷店', latitude: 35.658, longitude: 139.7016 }],
    ]);
  });
});

describe('what LINE may add', () => {
  const reader = hookOf(settings);

  it('keeps an event of a kind it does not know, without its tokens', async () => {
    const event = lineEvent('dance', { replyToken: 'secret', dance: { step: 3, markAsReadToken: 'secret' } });
    const [draft] = await received(reader, [event], desk);
    expect(draft).toMatchObject({
      type: 'line.event_received',
      id: event.webhookEventId,
      properties: { kind: 'dance', event: { dance: { step: 3 } } },
    });
    expect(JSON.stringify(draft)).not.toContain('secret');
  });

  it('keeps an event it knows by name whose shape has changed, and its neighbours', async () => {
    const odd = { ...lineEvent('unfollow'), type: 'beacon', beacon: { hardware: 'new' } };
    const drafts = await received(reader, [odd, lineEvent('unfollow')], desk);
    expect(drafts.map(({ type }) => type)).toEqual(['line.event_received', 'line.unfollowed']);
  });

  it('takes events of a channel in standby', async () => {
    const [draft] = await received(reader, [lineEvent('unfollow', { mode: 'standby' })], desk);
    expect(draft).toMatchObject({ type: 'line.unfollowed', context: { mode: 'standby' } });
  });
});

describe('group chats', () => {
  const reader = hookOf(settings);
  const group = { type: 'group', groupId: 'Ca56f94637c' };

  it('tells of each who joins or leaves', async () => {
    const members = [userNumber(7), userNumber(8)].map((userId) => ({ type: 'user', userId }));
    const event = lineEvent('memberJoined', { source: group, replyToken: 't', joined: { members } });
    const drafts = await received(reader, [event, lineEvent('memberLeft', { source: group, left: { members: members.slice(1) } })], desk);
    expect(drafts.map(({ type, identifiers }) => [type, identifiers['line.user']])).toEqual([
      ['line.group_joined', userNumber(7)],
      ['line.group_joined', userNumber(8)],
      ['line.group_left', userNumber(8)],
    ]);
    expect(new Set(drafts.map(({ id }) => id)).size).toBe(3);
  });

  it('makes no customer of a group: what is about nobody is logged', async () => {
    const own = createDesk();
    expect(await received(reader, [lineEvent('leave', { source: group }), lineEvent('botSuspended', { source: undefined })], own)).toEqual(
      [],
    );
    expect(own.logged.map(({ details }) => details.kind)).toEqual(['leave', 'botSuspended']);
  });
});

describe('consent', () => {
  const follow = (isUnblocked = false) => lineEvent('follow', { replyToken: 't', follow: { isUnblocked } });

  it('lets a follow permit service messages and nothing else', async () => {
    const [draft] = await received(hookOf(settings), [follow(true)], desk);
    expect(draft?.traits).toEqual([{ trait: 'line.friend', value: true }]);
    expect(draft?.consents).toEqual([
      { purpose: 'service', channel: 'line', state: 'GIVEN', evidence: expect.objectContaining({ kind: 'line-follow', unblocked: true }) },
    ]);
  });

  it('lets it permit more where people were told, with the notice as evidence', async () => {
    const hook = hookOf({ ...settings, follow: { purposes: ['marketing'], notice: 'https://shop.example/line/terms-3' } });
    const [draft] = await received(hook, [follow()], desk);
    expect(draft?.consents?.map(({ purpose, state }) => [purpose, state])).toEqual([
      ['service', 'GIVEN'],
      ['marketing', 'GIVEN'],
    ]);
    expect(draft?.consents?.[1]?.evidence).toMatchObject({ notice: 'https://shop.example/line/terms-3', webhookEventId: draft?.id });
  });

  it('takes a block for a withdrawal of everything on this channel', async () => {
    const hook = hookOf({ ...settings, follow: { purposes: ['personalisation'] } });
    const [draft] = await received(hook, [lineEvent('unfollow')], desk);
    expect(draft?.traits).toEqual([{ trait: 'line.friend', value: false }]);
    expect(draft?.consents?.map(({ purpose, channel, state }) => `${purpose}/${channel} ${state}`)).toEqual([
      'service/line WITHDRAWN',
      'marketing/line WITHDRAWN',
      'advertising/line WITHDRAWN',
      'personalisation/line WITHDRAWN',
    ]);
  });
});
