import { createHmac } from 'node:crypto';
import { pos } from '@enishi/plugin-pos';
import { clock, createTestEnishi, type FakeVendor, fakeVendor, type TestEnishi } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import * as smaregi from './tills/smaregi.ts';
import * as square from './tills/square.ts';

const now = '2026-11-21T12:00:00Z';

/** Stores on the whole server, at noon of 21 November in London. */
const house = (vendor?: FakeVendor, time = clock(now)) =>
  createTestEnishi({
    plugins: [
      pos({
        webhookSecret: 'own_webhook_secret',
        ...(vendor && { square: square.settings(vendor.url), smaregi: smaregi.settings(vendor.url) }),
      }),
    ],
    now: time.now,
  });

const receipt = (over: object = {}) => ({
  store_id: '0012',
  register_id: '01',
  receipt_number: '000123',
  at: '2026-11-20T18:05:30+09:00',
  total: 2800,
  ...over,
});

async function upload(enishi: TestEnishi, body: object): Promise<{ status: string; violations?: { message: string }[] }[]> {
  const text = JSON.stringify(body);
  const signature = createHmac('sha256', 'own_webhook_secret').update(text).digest('base64');
  const reply = await enishi.http
    .post('/hooks/pos/webhook')
    .set({ 'content-type': 'application/json', 'x-enishi-signature': signature })
    .send(text);
  expect(reply.status).toBe(200);
  return reply.body.receipts;
}

interface Found {
  readonly id: string;
  readonly events: { nodes: { type: string; occurredAt: string }[] };
}

async function customerBy(enishi: TestEnishi, namespace: string, value: string): Promise<Found | null | undefined> {
  const query = `query ($identity: IdentityInput!) { customerBy(identity: $identity) { id events(first: 50) { nodes { type occurredAt } } } }`;
  const { data, errors } = await enishi.graphql<{ customerBy: Found | null }>('operator', query, { identity: { namespace, value } });
  expect(errors).toBeUndefined();
  return data?.customerBy;
}

describe('a store that was offline', () => {
  it('uploads a day late: the times are the receipts’ own, and a second upload is a duplicate', async () => {
    await using enishi = await house();
    const receipts = [
      receipt({ customer: { member: '0001234567' } }),
      receipt({ receipt_number: '000124', at: '2026-11-20T18:10:00+09:00' }),
    ];
    expect((await upload(enishi, { receipts })).map(({ status }) => status)).toEqual(['ACCEPTED', 'ACCEPTED']);
    expect((await upload(enishi, { receipts: receipts.toReversed() })).map(({ status }) => status)).toEqual(['DUPLICATE', 'DUPLICATE']);
    expect((await customerBy(enishi, 'member', '0001234567'))?.events.nodes).toEqual([
      { type: 'pos.purchase_completed', occurredAt: '2026-11-20T09:05:30.000Z' },
    ]);
  });

  it.each([
    ['a clock whose battery ran out', { at: '2000-01-01T00:03:00+09:00' }, 'the clock of the till is wrong'],
    ['a clock that runs ahead', { at: '2026-12-24T18:05:00+09:00' }, 'lies more than a day in the future'],
    ['a clock that disagrees with the business day', { business_day: '2026-11-01' }, 'a clock is wrong'],
  ])('has %s: the receipt is quarantined, its neighbours are stored', async (_, wrong, reason) => {
    await using enishi = await house();
    const [stored, aside] = await upload(enishi, { receipts: [receipt(), receipt({ receipt_number: '9', ...wrong })] });
    expect([stored?.status, aside?.status]).toEqual(['ACCEPTED', 'QUARANTINED']);
    expect(aside?.violations?.map(({ message }) => message)).toEqual(expect.arrayContaining([expect.stringContaining(reason)]));
  });
});

describe('who was at the till', () => {
  it('is one person by a number that cashiers type in any way', async () => {
    await using enishi = await house();
    const typed = ['０９０－１２３４－５６７８', '090-1234-5678', '09012345678', '+81 90 1234 5678'];
    await upload(enishi, { receipts: typed.map((phone, index) => receipt({ receipt_number: `${index}`, customer: { phone } })) });
    expect((await customerBy(enishi, 'phone', '090-1234-5678'))?.events.nodes).toHaveLength(4);
  });

  it.each(['000-0000-0000', '090-0000-0000', '０９０-１１１１-１１１１', '9999999999', '-', '1234'])('is nobody by %s', async (phone) => {
    await using enishi = await house();
    const strangers = ['1', '2'].map((number) => receipt({ receipt_number: number, customer: { phone } }));
    expect((await upload(enishi, { receipts: strangers })).map(({ status }) => status)).toEqual(['ACCEPTED', 'ACCEPTED']);
    const [one, other] = await Promise.all(
      ['1', '2'].map((number) => customerBy(enishi, 'anonymous', `receipt:0012/01/2026-11-20/${number}`)),
    );
    expect(one?.events.nodes).toHaveLength(1);
    expect(one?.id).not.toBe(other?.id);
  });

  it('is known from the moment the card is read, with the points the till printed', async () => {
    await using enishi = await house();
    const customer = { member: '0001234567' };
    const scan = { store_id: '0012', at: '2026-11-21T11:59:00Z', customer };
    expect((await upload(enishi, { scans: [scan, { ...scan, customer: { member: '0000000000' } }] })).map(({ status }) => status)).toEqual([
      'ACCEPTED',
      'QUARANTINED',
    ]);
    await upload(enishi, { receipts: [receipt({ customer, points_earned: 28, points_used: 100, points_balance: 1234 })] });
    const query = `{ customerBy(identity: { namespace: "member", value: "0001234567" }) {
      traits(keys: ["pos.points"]) { value } events { nodes { type properties } } } }`;
    expect((await enishi.graphql('operator', query)).data).toMatchObject({
      customerBy: {
        traits: [{ value: 1234 }],
        events: { nodes: [{ type: 'pos.member_scanned' }, { properties: { points_earned: 28, points_used: 100 } }] },
      },
    });
  });
});

it('what somebody spends within 90 days is a trait that falls at the second a purchase is 90 days old', async () => {
  const time = clock(now);
  await using enishi = await house(undefined, time);
  const customer = { member: '0001234567' };
  const rule = { trait: 'pos.spent90d', atLeast: 5000 };
  await enishi.graphql(
    'operator',
    `mutation ($rule: JSON!) { saveSegment(input: { key: "big", name: "Big", rule: $rule }) { __typename } }`,
    {
      rule,
    },
  );
  await upload(enishi, {
    receipts: [
      receipt({ customer }),
      receipt({ customer, receipt_number: '2', at: '2026-11-21T10:00:00+09:00', total: 3000 }),
      receipt({ customer, receipt_number: '3', at: '2026-11-21T11:00:00+09:00', total: 3000, kind: 'RETURN' }),
    ],
  });
  const known = async (): Promise<unknown> => {
    await enishi.server.clock.fire(enishi.workspace);
    const query = `{ customerBy(identity: { namespace: "member", value: "0001234567" }) {
      traits(keys: ["pos.purchaseCount", "pos.spent90d", "pos.lastPurchaseAt"]) { value computedFrom } segments { segment { key } } } }`;
    const { data } = await enishi.graphql<{ customerBy: { traits: { value: unknown }[]; segments: unknown[] } }>('operator', query);
    return [...(data?.customerBy.traits ?? []).map(({ value }) => value), data?.customerBy.segments.length];
  };
  const lastAt = '2026-11-21T01:00:00.000Z';
  expect(await known()).toEqual([lastAt, 2, 5800, 1]);
  time.set('2027-02-18T18:05:29.999+09:00');
  expect(await known()).toEqual([lastAt, 2, 5800, 1]);
  time.set('2027-02-18T18:05:30.000+09:00');
  expect(await known()).toEqual([lastAt, 2, 3000, 0]);
});

describe('Square', () => {
  const post = (enishi: TestEnishi, body: object, sign = square.sign) => {
    const signed = sign(square.call(body));
    return enishi.http
      .post('/hooks/pos/square?workspace=main')
      .set(signed.headers as Record<string, string>)
      .send(Buffer.from(signed.body).toString());
  };

  it('is answered at once, asked behind it, and asked again when it is too busy; all that tell of an order count once', async () => {
    await using vendor = await fakeVendor();
    square.serve(vendor);
    const time = clock(now);
    await using enishi = await house(vendor, time);
    vendor.fault('busy', { times: 1 });
    for (const notice of [square.paid, square.ordered, square.paid]) expect((await post(enishi, notice)).status).toBeLessThan(300);
    await enishi.settle();
    time.advance(60);
    await enishi.settle();
    const member = await customerBy(enishi, 'member', '0001234567');
    expect(member?.events.nodes).toEqual([{ type: 'pos.purchase_completed', occurredAt: '2026-11-20T18:27:16.000Z' }]);
    expect((await customerBy(enishi, 'phone', '090-1234-5678'))?.id).toBe(member?.id);
  });

  const profile = (id: string, change: object) => ({ ...square.customer, reference_id: undefined, preferences: undefined, id, ...change });
  const told = (type: string, customer: { id: string }, more: object = {}) =>
    square.notice(type, { type: 'customer', id: customer.id, object: { customer, ...more } }, `${type}-${customer.id}`);

  it('keeps two who share a telephone apart: what one says is not said by the other', async () => {
    await using vendor = await fakeVendor();
    square.serve(vendor);
    await using enishi = await house(vendor);
    const phone_number = '03-1234-5678';
    await post(enishi, told('customer.created', profile('HANAKO', { email_address: 'hanako@example.jp', phone_number })));
    const preferences = { email_unsubscribed: true };
    await post(enishi, told('customer.created', profile('TARO', { email_address: 'taro@example.jp', phone_number, preferences })));
    await enishi.settle();
    const [hanako, taro] = await Promise.all(['HANAKO', 'TARO'].map((id) => customerBy(enishi, 'pos.square', id)));
    expect([hanako?.events.nodes.length, taro?.events.nodes.length]).toEqual([1, 1]);
    expect(hanako?.id).not.toBe(taro?.id);
    const query = `{ customerBy(identity: { namespace: "email", value: "hanako@example.jp" }) { consents { state } } }`;
    expect((await enishi.graphql('operator', query)).data).toEqual({ customerBy: { consents: [] } });
    const links = `{ customerBy(identity: { namespace: "pos.square", value: "TARO" }) { links { status rule } } }`;
    expect((await enishi.graphql('operator', links)).data).toEqual({
      customerBy: { links: expect.arrayContaining([{ status: 'HELD', rule: 'phone' }]) },
    });
  });

  it.each(['customer.created', 'customer.deleted'])('goes on with whom Square has merged and numbered anew, told by %s', async (type) => {
    await using vendor = await fakeVendor();
    square.serve(vendor);
    const merged = profile('MERGED', {});
    vendor.on('GET /v2/customers/MERGED', { json: { customer: merged } });
    vendor.on(`GET /v2/orders/${square.order.id}`, { json: { order: { ...square.order, customer_id: 'MERGED' } } });
    await using enishi = await house(vendor);
    await post(enishi, told('customer.created', profile('FIRST', {})));
    const merge = { from_customer_ids: ['FIRST', 'SECOND'], to_customer_id: 'MERGED' };
    await post(enishi, told(type, merged, { event_context: { merge } }));
    await enishi.settle();
    await post(enishi, square.paid);
    await enishi.settle();
    expect((await customerBy(enishi, 'pos.square', 'FIRST'))?.events.nodes.map(({ type }) => type)).toContain('pos.purchase_completed');
    expect(await customerBy(enishi, 'pos.square', 'MERGED')).toBeNull();
  });

  it('is refused without its signature, and nothing is asked', async () => {
    await using vendor = await fakeVendor();
    square.serve(vendor);
    await using enishi = await house(vendor);
    expect((await post(enishi, square.paid, (request) => request)).status).toBe(401);
    await enishi.settle();
    expect(vendor.requests.filter(({ path }) => path.startsWith('/v2/'))).toEqual([]);
  });
});

describe('Smaregi', () => {
  const post = (enishi: TestEnishi, body: object, event = 'uuid-1') => {
    const { headers, body: sent } = smaregi.sign(smaregi.call(body, event));
    return enishi.http
      .post('/hooks/pos/smaregi')
      .set(headers as Record<string, string>)
      .send(Buffer.from(sent).toString());
  };

  it('counts once what its webhook brings and its catch-up reads again', async () => {
    await using vendor = await fakeVendor();
    smaregi.serve(vendor);
    await using enishi = await house(vendor);
    const reply = await post(enishi, smaregi.sold());
    expect([reply.status, reply.text]).toEqual([200, '']);
    await enishi.settle();
    expect(vendor.requests.some(({ path }) => path.endsWith('/transactions'))).toBe(true);
    expect(vendor.requests.some(({ path }) => path.endsWith('/transactions/25'))).toBe(true);
    const types = (await customerBy(enishi, 'member', '0001234567'))?.events.nodes.map(({ type }) => type);
    expect(types).toEqual(['pos.purchase_completed', 'pos.member_updated', 'pos.member_updated']);
  });

  it.each([
    ['whose webhook was lost', []],
    ['told in bulk', Array.from({ length: 101 }, (_, index) => String(25 + index))],
  ])('takes in an edited sale %s, once', async (_, ids) => {
    await using vendor = await fakeVendor();
    smaregi.serve(vendor);
    const time = clock(now);
    await using enishi = await house(vendor, time);
    await post(enishi, smaregi.sold());
    await enishi.settle();
    time.advance(3600);
    smaregi.serve(vendor, [{ ...smaregi.transaction, total: '2500', updDateTime: '2026-11-21T21:30:00+09:00' }]);
    if (ids.length > 0) await post(enishi, smaregi.sold('bulk-update', ids), 'uuid-2');
    await enishi.settle();
    // The catch-up reads its last minutes again.
    time.advance(300);
    await enishi.settle();
    const query = `{ customerBy(identity: { namespace: "member", value: "0001234567" }) {
      events(first: 50, types: ["pos.purchase_completed", "pos.purchase_corrected"]) { nodes { type occurredAt properties } } } }`;
    expect((await enishi.graphql('operator', query)).data).toMatchObject({
      customerBy: {
        events: {
          nodes: [
            { type: 'pos.purchase_corrected', occurredAt: '2026-11-21T12:30:00.000Z', properties: { total: 2500 } },
            { type: 'pos.purchase_completed', properties: { total: 2900 } },
          ],
        },
      },
    });
  });

  it('hears every no to mail, also the second one', async () => {
    await using vendor = await fakeVendor();
    smaregi.serve(vendor, []);
    const time = clock(now);
    await using enishi = await house(vendor, time);
    const query = `{ customerBy(identity: { namespace: "member", value: "0001234567" }) { consents { state } } }`;
    const said: unknown[] = [];
    for (const [day, mailReceiveFlag] of [
      ['2026-11-22', '0'],
      ['2026-12-03', '1'],
      ['2026-12-24', '0'],
    ] as const) {
      time.set(`${day}T09:00:00+09:00`);
      smaregi.member(vendor, { mailReceiveFlag, updDateTime: `${day}T08:59:00+09:00` });
      await post(enishi, smaregi.changed(), day);
      await enishi.settle();
      said.push((await enishi.graphql('operator', query)).data);
    }
    const states = (state: string) => ({ customerBy: { consents: [{ state }] } });
    expect(said).toEqual([states('REFUSED'), states('GIVEN'), states('REFUSED')]);
  });
});
