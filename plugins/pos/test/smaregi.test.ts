import { AskRefused, ComeBackLater, type Draft, type PollSource, type WebhookSource } from '@enishi/plugin-sdk';
import { clock, createDesk, type FakeVendor, fakeVendor, type TestDesk, withHeaders } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { plain, sourcesOf } from './reading.ts';
import { call, changed, contractId, member, serve, settings, sign, sold, transaction } from './tills/smaregi.ts';

const hookOf = (url: string): WebhookSource => {
  const source = sourcesOf({ smaregi: settings(url) }).smaregi;
  if (source?.kind !== 'webhook') throw new Error('no webhook');
  return source;
};
const deskFor = (vendor: FakeVendor, now?: () => Date): TestDesk => createDesk({ hosts: [vendor.host], ...(now ? { now } : {}) });
const receive = async (vendor: FakeVendor, body: object, desk = deskFor(vendor)): Promise<readonly Draft[]> => {
  const hook = hookOf(vendor.url);
  return hook.receive(hook.body.parse(body), call(body), desk);
};

describe('the webhook', () => {
  const hook = hookOf('https://smaregi.example');

  it('is believed by the secret in the header of one’s own, and for one’s own contract', async () => {
    const verify = (request: ReturnType<typeof call>) => hook.verify(request, createDesk());
    expect(await verify(sign(call(sold())))).toBe(true);
    expect(await verify(call(sold()))).toBe(false);
    expect(await verify(withHeaders(call(sold()), { 'X-Enishi-Secret': 'smaregi-shared-secret!' }))).toBe(false);
    expect(await verify(withHeaders(sign(call(sold())), { 'Smaregi-Contract-Id': 'other' }))).toBe(false);
  });

  it('is answered at once and empty, and known by its event id', async () => {
    expect(hook.work).toBe('later');
    expect(hook.callId?.(call(sold(), 'uuid-9'))).toBe('uuid-9');
    expect(await hook.answer?.(call(sold()), createDesk())).toEqual({ status: 200, contentType: 'text/plain', body: '' });
  });
});

describe('a transaction', () => {
  it('is asked for by its id: time of the till, points, a real JAN code', async () => {
    await using vendor = await fakeVendor();
    serve(vendor);
    expect(plain(await receive(vendor, sold()))).toEqual([
      {
        type: 'pos.purchase_completed',
        id: 'smaregi:25',
        at: '2026-11-20T09:05:30.000Z',
        identifiers: { member: '0001234567', 'pos.smaregi': '7' },
        properties: {
          store_id: '1',
          register_id: '2',
          receipt_number: '123',
          transaction_id: '25',
          business_day: '2026-11-20',
          total: 2900,
          tax: 214,
          discount: 100,
          currency: 'JPY',
          payment_method: 'credit',
          points_earned: 29,
          points_used: 100,
          products: [
            {
              product_id: '4901234567894',
              jan: '4901234567894',
              name: '有機緑茶',
              variant: '100g',
              category: '飲料',
              quantity: 2,
              price: 1500,
              amount: 3000,
              tax_rate: '8',
            },
          ],
        },
        traits: [
          { trait: 'pos.points', value: 1234 },
          { trait: 'pos.rank', value: 'ゴールド' },
        ],
      },
    ]);
    expect(vendor.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST /app/${contractId}/token`,
      `GET /${contractId}/pos/transactions/25`,
    ]);
    expect(vendor.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from('client:smaregi_client_secret').toString('base64')}`);
    expect(new URLSearchParams(vendor.requests[0]?.text).get('grant_type')).toBe('client_credentials');
  });

  it.each([
    ['edited', {}, ['smaregi:25', 'smaregi:25:corrected:2026-11-21T00:00:00.000Z']],
    ['bulk-update', { updDateTime: '2026-11-21T09:30:00+09:00' }, ['smaregi:25', 'smaregi:25:corrected:2026-11-21T00:30:00.000Z']],
    ['created', { updDateTime: '2026-11-21T09:00:02+09:00' }, ['smaregi:25']],
    ['canceled', { cancelDivision: '1' }, ['smaregi:25:voided']],
    ['disposed', { disposeDivision: '2' }, ['smaregi:25:voided']],
    ['created', { transactionHeadDivision: '2' }, []],
  ])('that is %s, with %o', async (action, change, ids) => {
    await using vendor = await fakeVendor();
    serve(vendor, [{ ...transaction, ...change }]);
    expect((await receive(vendor, sold(action))).map(({ id }) => id)).toEqual(ids);
  });

  it('with a minus is a return, in positive numbers', async () => {
    await using vendor = await fakeVendor();
    const [line] = transaction.details;
    serve(vendor, [
      { ...transaction, total: '-1500', details: [{ ...line, transactionDetailDivision: '2', quantity: '1', unitDiscountedSum: '-1500' }] },
    ]);
    expect(await receive(vendor, sold())).toMatchObject([
      { type: 'pos.purchase_returned', properties: { total: 1500, products: [{ quantity: 1, amount: 1500 }] } },
    ]);
  });

  it.each([
    ['6', 50],
    ['7', -50],
    ['8', -50],
  ])('of division %s moves points', async (transactionHeadDivision, change) => {
    await using vendor = await fakeVendor();
    serve(vendor, [{ ...transaction, transactionHeadDivision, newPoint: '50', spendPoint: null, details: [] }]);
    expect(await receive(vendor, sold())).toMatchObject([{ type: 'pos.points_changed', properties: { change, balance: 1234 } }]);
  });

  it('that gave points and was cancelled has taken them back, with a balance that nobody knows', async () => {
    await using vendor = await fakeVendor();
    const cancelled = { cancelDivision: '1', updDateTime: '2026-11-22T09:00:00+09:00' };
    serve(vendor, [{ ...transaction, ...cancelled, transactionHeadDivision: '6', newPoint: '50', spendPoint: null, details: [] }]);
    expect(plain(await receive(vendor, sold('canceled')))).toMatchObject([
      { type: 'pos.points_changed', id: 'smaregi:25', properties: { change: 50, balance: 1234, reason: 'added' } },
      {
        type: 'pos.points_changed',
        id: 'smaregi:25:voided',
        at: '2026-11-22T00:00:00.000Z',
        properties: { store_id: '1', change: -50, reason: 'cancelled' },
      },
    ]);
  });

  it('that is changed or cancelled later says nothing of the points held by then', async () => {
    await using vendor = await fakeVendor();
    for (const change of [{}, { cancelDivision: '1' }]) {
      serve(vendor, [{ ...transaction, ...change, updDateTime: '2026-12-21T09:00:00+09:00' }]);
      expect((await receive(vendor, sold('edited'))).at(-1)?.traits).toBeUndefined();
    }
  });

  it('of nobody known is its own somebody, and has no points', async () => {
    await using vendor = await fakeVendor();
    serve(vendor, [{ ...transaction, customerId: null, customerCode: null, totalPoint: '0', customerRank: null }]);
    const [draft] = await receive(vendor, sold());
    expect(plain([draft?.identifiers, draft?.traits])).toEqual([{ anonymous: 'smaregi:25' }, []]);
  });

  it('that is gone is passed over; one that cannot be true is kept aside, its neighbour stored', async () => {
    await using vendor = await fakeVendor();
    serve(vendor, [
      { ...transaction, transactionHeadId: '26', terminalTranDateTime: '2000-01-01T00:00:00+09:00' },
      { ...transaction, transactionHeadId: '27', total: 'lots' },
      transaction,
    ]);
    const drafts = await receive(vendor, sold('created', ['99', '26', '27', '25']));
    expect(drafts.map(({ type }) => type)).toEqual(['pos.receipt_unreadable', 'pos.receipt_unreadable', 'pos.purchase_completed']);
    expect(drafts[0]?.properties).toMatchObject({ problem: expect.stringContaining('days from its business day') });
    expect(drafts[1]?.properties).toMatchObject({ problem: 'total: "lots" is not a number' });
  });
});

describe('a member', () => {
  it('is asked for; a yes to mail is told once, not with every change, a no each time', async () => {
    await using vendor = await fakeVendor();
    serve(vendor);
    const first = await receive(vendor, changed());
    expect(plain(first[0])).toMatchObject({
      type: 'pos.member_updated',
      id: 'smaregi:customer:7:2026-10-31T15:00:00.000Z',
      identifiers: { member: '0001234567', 'pos.smaregi': '7', phone: '090-1234-5678', email: 'taro@example.jp' },
    });
    expect(first[1]).toMatchObject({ id: 'smaregi:customer:7:mail:1', consents: [{ channel: 'email', state: 'GIVEN' }] });
    member(vendor, { updDateTime: '2026-11-02T00:00:00+09:00' });
    const second = await receive(vendor, changed());
    expect(second.map(({ id }) => id)).toEqual(['smaregi:customer:7:2026-11-01T15:00:00.000Z', 'smaregi:customer:7:mail:1']);
    member(vendor, { mailReceiveFlag: '0', updDateTime: '2026-11-03T00:00:00+09:00' });
    const [, refused] = await receive(vendor, changed());
    expect(refused).toMatchObject({ id: 'smaregi:customer:7:mail:0:2026-11-02T15:00:00.000Z', consents: [{ state: 'REFUSED' }] });
  });

  it('who left or is deleted is left as they were', async () => {
    await using vendor = await fakeVendor();
    serve(vendor);
    expect(await receive(vendor, changed('deleted'))).toEqual([]);
    member(vendor, { leaveDate: '2026-11-02' });
    expect(await receive(vendor, changed())).toEqual([]);
  });
});

describe('tokens', () => {
  it('are kept as secrets and used until they end', async () => {
    await using vendor = await fakeVendor();
    serve(vendor);
    const time = clock();
    const desk = deskFor(vendor, time.now);
    const asked = () => vendor.requests.filter(({ method }) => method === 'POST').length;
    await receive(vendor, sold(), desk);
    await receive(vendor, sold(), desk);
    expect([asked(), desk.kept()]).toEqual([1, { [`smaregi-token:${contractId}`]: { secret: true } }]);
    time.advance(3600);
    await receive(vendor, sold(), desk);
    expect(asked()).toBe(2);
  });

  it('that are taken back early are replaced once; a wrong client is for the operator', async () => {
    await using vendor = await fakeVendor();
    serve(vendor);
    vendor.fault('unauthorised', { on: 'GET', times: 1 });
    expect(await receive(vendor, sold())).toHaveLength(1);
    vendor.fault('unauthorised', { on: 'POST' });
    await expect(receive(vendor, sold())).rejects.toThrow(AskRefused);
  });
});

it('catching up gives the events of the webhook, under its name, page by page', async () => {
  await using vendor = await fakeVendor();
  const all = Array.from({ length: 101 }, (_, index) => ({ ...transaction, transactionHeadId: String(25 + index) }));
  serve(vendor, all);
  const source = sourcesOf({ smaregi: settings(vendor.url) })['smaregi-catch-up'];
  const poll = source?.kind === 'poll' ? (source satisfies PollSource) : expect.fail('no poll');
  const desk = deskFor(vendor, clock('2026-11-21T00:00:00Z').now);
  const first = await poll.read(undefined as never, desk);
  const second = await poll.read(first.cursor as never, desk);
  const third = await poll.read(second.cursor as never, desk);
  expect([first.drafts.length, second.drafts.length, third.drafts.length, third.more]).toEqual([100, 1, 2, false]);
  expect(poll.sameAs).toBe('smaregi');
  expect(first.drafts[0]).toEqual((await receive(vendor, sold()))[0]);
  expect(third.drafts).toEqual(await receive(vendor, changed()));
  expect(vendor.requests.at(1)?.query).toMatchObject({
    'upd_date_time-from': '2026-11-20T09:00:00+09:00',
    'upd_date_time-to': '2026-11-21T09:00:00+09:00',
    with_details: 'all',
  });
  vendor.fault({ status: 429, headers: { 'retry-after': '3' } });
  await expect(poll.read(third.cursor as never, desk)).rejects.toThrow(ComeBackLater);
});

it('an app without the right to members still reads its sales', async () => {
  await using vendor = await fakeVendor();
  serve(vendor);
  vendor.fault({ status: 403, json: { title: 'Forbidden' } }, { on: `GET /${contractId}/pos/customers` });
  const source = sourcesOf({ smaregi: settings(vendor.url) })['smaregi-catch-up'];
  const poll = source?.kind === 'poll' ? (source satisfies PollSource) : expect.fail('no poll');
  const desk = deskFor(vendor);
  const sales = await poll.read(undefined as never, desk);
  const members = await poll.read(sales.cursor as never, desk);
  expect([sales.drafts.length, members.drafts, members.more]).toEqual([1, [], false]);
  expect(desk.logged).toMatchObject([{ level: 'warn', message: 'members that changed are not read: Smaregi answered 403 Forbidden' }]);
});

it('a change in bulk is left to the catch-up', async () => {
  await using vendor = await fakeVendor();
  expect(
    await receive(
      vendor,
      sold(
        'bulk-update',
        Array.from({ length: 101 }, (_, index) => String(index)),
      ),
    ),
  ).toEqual([]);
  expect(vendor.requests).toEqual([]);
});
