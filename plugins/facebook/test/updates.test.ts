import { ComeBackLater } from '@enishi/plugin-sdk';
import { fakeVendor, rawRequest } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { deskFor, notified, pageToken, plain, pluginFor, webhookOf } from './graph.ts';

const time = 1795285637;
const feed = (value: object) => ({ object: 'page', entry: [{ id: '104', time, changes: [{ field: 'feed', value }] }] });
const messenger = (event: object) => ({
  object: 'page',
  entry: [
    { id: '104', time: time * 1000, messaging: [{ sender: { id: '555' }, recipient: { id: '104' }, timestamp: time * 1000, ...event }] },
  ],
});
const comment = {
  item: 'comment',
  verb: 'add',
  from: { id: '555', name: 'Taro' },
  post_id: '104_1',
  comment_id: '1_2',
  message: '欲しい',
  created_time: time,
};

describe('engagement with the page', () => {
  it.each([
    ['a comment', comment, { type: 'facebook.comment_made', properties: { page_id: '104', comment_id: '1_2', message: '欲しい' } }],
    [
      'a reaction',
      { ...comment, item: 'reaction', reaction_type: 'love' },
      { type: 'facebook.reaction_made', properties: { reaction_type: 'love' } },
    ],
    ['a post', { ...comment, item: 'post' }, { type: 'facebook.page_posted', properties: { item: 'post' } }],
    ['a comment taken back', { ...comment, verb: 'remove' }, { type: 'facebook.engagement_removed', properties: { item: 'comment' } }],
  ])('%s is an event of whoever did it', async (_, value, expected) => {
    await using vendor = await fakeVendor();
    const drafts = await notified(pluginFor(vendor), feed(value), deskFor(vendor));
    expect(drafts).toMatchObject([{ ...expected, identifiers: { 'facebook.page_user': '555' } }]);
    expect(drafts[0]?.at).toEqual(new Date(time * 1000));
  });

  it('has the same id when it is sent again, another when something else was done', async () => {
    await using vendor = await fakeVendor();
    const idOf = async (value: object) => (await notified(pluginFor(vendor), feed(value), deskFor(vendor)))[0]?.id;
    expect(await idOf(comment)).toBe(await idOf(comment));
    expect(await idOf({ ...comment, verb: 'edited', created_time: time + 5 })).not.toBe(await idOf(comment));
  });

  it.each([
    ['the page itself', { ...comment, from: { id: '104' } }],
    ['nobody named', { ...comment, from: undefined }],
  ])('of %s is nobody’s', async (_, value) => {
    await using vendor = await fakeVendor();
    expect(await notified(pluginFor(vendor), feed(value), deskFor(vendor))).toEqual([]);
  });

  it('keeps all digits of ids written as numbers', async () => {
    await using vendor = await fakeVendor();
    const text = JSON.stringify(feed(comment)).replace('"555"', '10203040506070809');
    const hook = webhookOf(pluginFor(vendor), 'updates');
    const drafts = await hook.receive(hook.body.parse(JSON.parse(text)), rawRequest({ body: text }), deskFor(vendor));
    expect(drafts[0]?.identifiers).toEqual({ 'facebook.page_user': '10203040506070809' });
  });
});

describe('Messenger', () => {
  it.each([
    [
      'a message',
      { message: { mid: 'm_1', text: 'こんにちは' } },
      { type: 'facebook.message_received', properties: { mid: 'm_1', text: 'こんにちは' } },
    ],
    ['a button', { postback: { title: 'はい', payload: 'YES' } }, { type: 'facebook.postback_received', properties: { payload: 'YES' } }],
    ['a way in', { referral: { ref: 'store-7', source: 'SHORTLINK' } }, { type: 'facebook.referred', properties: { ref: 'store-7' } }],
  ])('%s is an event', async (_, event, expected) => {
    await using vendor = await fakeVendor();
    const drafts = await notified(pluginFor(vendor), messenger(event), deskFor(vendor));
    expect(drafts).toMatchObject([{ ...expected, identifiers: { 'facebook.page_user': '555' } }]);
  });

  it.each([
    [
      'agreeing',
      { type: 'notification_messages', title: '新着情報', payload: 'news' },
      { type: 'facebook.messenger_opted_in', state: 'GIVEN' },
    ],
    [
      'stopping',
      { type: 'notification_messages', notification_messages_status: 'STOP_NOTIFICATIONS' },
      { type: 'facebook.messenger_opted_out', state: 'WITHDRAWN' },
    ],
    [
      'agreeing again',
      { type: 'notification_messages', notification_messages_status: 'RESUME_NOTIFICATIONS' },
      { type: 'facebook.messenger_opted_in', state: 'GIVEN' },
    ],
  ])('%s to messages is a consent for the channel', async (_, optin, { type, state }) => {
    await using vendor = await fakeVendor();
    const drafts = await notified(pluginFor(vendor), messenger({ optin }), deskFor(vendor));
    expect(drafts).toMatchObject([{ type, consents: [{ purpose: 'marketing', channel: 'messenger', state }] }]);
  });

  it.each([
    ['the button of a web page', { ref: 'faq' }, { payload: 'faq' }],
    ['a single notification', { type: 'one_time_notif_req', payload: 'restock' }, { kind: 'one_time_notif_req', payload: 'restock' }],
    ['a state nobody knows yet', { type: 'notification_messages', notification_messages_status: 'PAUSED' }, { page_id: '104' }],
  ])('%s permits no marketing', async (_, optin, properties) => {
    await using vendor = await fakeVendor();
    const [draft, ...more] = await notified(pluginFor(vendor), messenger({ optin }), deskFor(vendor));
    expect(more).toEqual([]);
    expect(draft).toMatchObject({ type: 'facebook.messenger_asked', properties });
    expect(draft?.consents ?? []).toEqual([]);
  });

  it('echoes and receipts of what the page sent are nobody’s', async () => {
    await using vendor = await fakeVendor();
    for (const event of [{ message: { mid: 'm', is_echo: true } }, { read: { watermark: 1 } }, { delivery: { mids: ['m'] } }])
      expect(await notified(pluginFor(vendor), messenger(event), deskFor(vendor))).toEqual([]);
  });
});

describe('lead ads', () => {
  const leadgen = (id: string, page = '104') => ({
    field: 'leadgen',
    value: { leadgen_id: id, page_id: page, form_id: '99', created_time: time },
  });
  const body = (...changes: object[]) => ({ object: 'page', entry: [{ id: '104', time, changes }] });
  const lead = {
    id: '1203',
    created_time: '2026-11-21T09:00:30+0000',
    field_data: [
      { name: 'email', values: ['taro@example.jp'] },
      { name: 'phone_number', values: ['+819012345678'] },
      { name: 'last_name', values: ['山田'] },
      { name: 'いつ来ますか', values: ['今週', '来週'] },
    ],
    form_id: '99',
    custom_disclaimer_responses: [
      { checkbox_key: 'newsletter', is_checked: '1' },
      { checkbox_key: 'phone_calls', is_checked: '' },
    ],
  };
  const leadConsents = {
    newsletter: [{ purpose: 'marketing', channel: 'email' }],
    phone_calls: [{ purpose: 'marketing', channel: 'phone' }],
  };

  it('are fetched with the token of their page: who, what they answered, what they permit and what they were shown', async () => {
    await using vendor = await fakeVendor();
    vendor.on('GET /v25.0/1203', { json: lead });
    vendor.on('GET /v25.0/99', { json: { id: '99', name: '来店予約', legal_content: { custom_disclaimer: { title: '同意' } } } });
    const drafts = await notified(pluginFor(vendor, { leadConsents }), body(leadgen('1203')), deskFor(vendor));
    expect(plain(drafts)).toMatchObject([
      {
        type: 'facebook.lead_submitted',
        id: 'lead:1203',
        at: '2026-11-21T09:00:30.000Z',
        identifiers: { 'facebook.lead': '1203', email: 'taro@example.jp', phone: '+819012345678' },
        properties: { form_id: '99', answers: { いつ来ますか: '今週, 来週' }, ticked: ['newsletter'] },
        traits: [{ trait: 'facebook.lastName', value: '山田' }],
        consents: [
          {
            purpose: 'marketing',
            channel: 'email',
            state: 'GIVEN',
            evidence: { form: '来店予約', wording: { custom_disclaimer: { title: '同意' } } },
          },
          { purpose: 'marketing', channel: 'phone', state: 'REFUSED' },
        ],
      },
    ]);
    expect(vendor.requests[0]?.query.access_token).toBe(pageToken);
  });

  it.each([
    ['Facebook refuses it', { error: { message: 'Unsupported get request', code: 100, error_subcode: 33 } }, '104'],
    ['the token of its page expired', { error: { message: 'expired', code: 190, error_subcode: 463 } }, '104'],
    ['there is no token for its page', lead, '105'],
  ])('one that cannot be read (%s) is kept with the reason, its neighbours are read', async (_, answer, page) => {
    await using vendor = await fakeVendor();
    vendor.on('GET /v25.0/:id', { json: { ...lead, id: '1204' } });
    vendor.on('GET /v25.0/1203', { status: 'error' in answer ? 400 : 200, json: answer });
    const desk = deskFor(vendor);
    const drafts = await notified(pluginFor(vendor), body(leadgen('1203', page), leadgen('1204')), desk);
    expect(drafts.map(({ type, id }) => [type, id])).toEqual([
      ['facebook.lead_unread', 'lead-unread:1203'],
      ['facebook.lead_submitted', 'lead:1204'],
    ]);
    expect(desk.logged).toMatchObject([{ level: 'warn', details: { leadgen_id: '1203' } }]);
  });

  it('wait all together where Facebook limits the calls, for as long as it says', async () => {
    await using vendor = await fakeVendor();
    vendor.on('GET /v25.0/1203', {
      status: 403,
      json: { error: { message: 'limit', code: 80005 } },
      headers: { 'X-Business-Use-Case-Usage': JSON.stringify({ '104': [{ type: 'leadgen', estimated_time_to_regain_access: 13 }] }) },
    });
    const late = await notified(pluginFor(vendor), body(leadgen('1203')), deskFor(vendor)).catch((error: unknown) => error);
    expect(late).toBeInstanceOf(ComeBackLater);
    expect(late).toMatchObject({ afterSeconds: 780 });
  });
});

it('what comes in a shape nobody expects is kept aside with the reason, and its neighbours are taken in', async () => {
  await using vendor = await fakeVendor();
  const changes = [
    { field: 'feed', value: { item: 7 } },
    { field: 'leadgen', value: { form_id: '1' } },
    { field: 'feed', value: comment },
    { field: 'ratings', value: {} },
  ];
  const body = { object: 'page', entry: [{ id: '104', time, changes, messaging: [{ sender: {} }] }] };
  const drafts = await notified(pluginFor(vendor), body, deskFor(vendor));
  const known = pluginFor(vendor).events.map(({ eventName }) => eventName);
  expect(drafts.filter(({ type }) => known.includes(type)).map(({ type }) => type)).toEqual(['facebook.comment_made']);
  expect(drafts.filter(({ type }) => !known.includes(type)).map(({ properties }) => properties)).toMatchObject([
    { reason: expect.stringContaining('item'), value: { item: 7 } },
    { reason: expect.stringContaining('sender') },
    { reason: expect.stringContaining('leadgen_id') },
  ]);
});

it('a thousand leads in one notification are all fetched, in their order', async () => {
  await using vendor = await fakeVendor();
  vendor.on('GET /v25.0/:id', (_request, { id }) => ({ json: { id, created_time: '2026-01-05T00:00:00+0000', field_data: [] } }));
  const ids = Array.from({ length: 1000 }, (_, number) => String(100_000 + number));
  const changes = ids.map((leadgen_id) => ({ field: 'leadgen', value: { leadgen_id, page_id: '104' } }));
  const drafts = await notified(pluginFor(vendor), { object: 'page', entry: [{ id: '104', time, changes }] }, deskFor(vendor));
  expect(drafts.map(({ id }) => id)).toEqual(ids.map((id) => `lead:${id}`));
});
