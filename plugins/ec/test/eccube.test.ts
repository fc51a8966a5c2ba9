import { ComeBackLater, type Draft, GiveUp, type PollSource, type WebhookSource } from '@enishi/plugin-sdk';
import { clock, createDesk, type FakeVendor, fakeVendor, rawRequest, type TestDesk } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { plain, sourcesOf } from './reading.ts';
import { call, customer, order, serve, settings } from './shops/eccube.ts';

const hookOf = (url: string, webhookSecret = 'ec_webhook_secret'): WebhookSource => {
  const source = sourcesOf({ eccube: { ...settings(url), webhookSecret } }).eccube;
  if (source?.kind !== 'webhook') throw new Error('no webhook');
  return source;
};
const deskFor = (vendor: FakeVendor, now?: () => Date): TestDesk => createDesk({ hosts: [vendor.host], ...(now ? { now } : {}) });
const receive = async (vendor: FakeVendor, changes: unknown, desk = deskFor(vendor)): Promise<readonly Draft[]> => {
  const hook = hookOf(vendor.url);
  return hook.receive(hook.body.parse(changes), call(changes), desk);
};
const changed = (entity: string, id: number | string, action = 'updated') => [{ entity, id, action }];

describe('the webhook', () => {
  it('is signed with the vector, in lower-case hex', async () => {
    const body = '[{"entity":"order","id":13,"action":"created"}]';
    const signature = '858bf0bfefbb2131c108faf15fa56f77ad5f3ac7b8c2971233cc57eda3ad0577';
    const hook = hookOf('https://shop.example', 'ec');
    const verify = (sent: string, given?: string) =>
      hook.verify(rawRequest({ body: sent, ...(given ? { headers: { 'X-ECCUBE-Signature': given } } : {}) }), createDesk());
    expect(await verify(body, signature)).toBe(true);
    expect(await verify(`${body} `, signature)).toBe(false);
    expect(await verify(body, signature.toUpperCase())).toBe(false);
    expect(await verify(body)).toBe(false);
  });

  it('is worked on behind its answer, and takes a list or a single change', () => {
    const hook = hookOf('https://shop.example');
    expect(hook.work).toBe('later');
    expect(hook.body.safeParse({ entity: 'order', id: 13, action: 'created' }).success).toBe(true);
    expect(hook.body.safeParse([]).success).toBe(false);
  });
});

describe('what changed is asked for', () => {
  it('an order, without its delivery and fee lines', async () => {
    await using vendor = await fakeVendor();
    serve(vendor);
    expect(plain(await receive(vendor, changed('order', 13, 'created')))).toEqual([
      {
        type: 'ec.order_completed',
        id: 'order:13',
        at: '2026-11-20T09:05:00.000Z',
        identifiers: { 'ec.customer': '5', 'ec.order': '13', email: 'taro@example.jp', phone: '09012345678' },
        properties: {
          order_id: '13',
          order_name: '13',
          status: '新規受付',
          total: 3800,
          subtotal: 3300,
          tax: 345,
          discount: 0,
          shipping: 500,
          currency: 'JPY',
          payment_method: '代金引換',
          points_earned: 33,
          points_used: 0,
          products: [
            { product_id: '2', sku: '4901234567894', jan: '4901234567894', name: '有機緑茶', variant: '100g', quantity: 2, price: 1500 },
          ],
        },
      },
    ]);
  });

  it.each([
    ['3', ['order:13', 'order:13:cancelled']],
    ['9', ['order:13', 'order:13:refunded']],
    ['6', ['order:13', 'order:13:updated:2026-11-21T00:00:00.000Z']],
    ['8', ['order:13:started']],
  ])('an order in state %s', async (id, ids) => {
    await using vendor = await fakeVendor();
    serve(vendor);
    const inState = { ...order, OrderStatus: { id, name: '-' }, update_date: '2026-11-21T09:00:00+09:00' };
    vendor.fault({ json: { data: { order: inState } } }, { on: 'POST /api' });
    expect((await receive(vendor, changed('order', 13))).map((draft) => draft.id)).toEqual(ids);
  });

  it('a customer, with what the shop knows of them', async () => {
    await using vendor = await fakeVendor();
    serve(vendor);
    const [registered, updated] = await receive(vendor, changed('customer', 5));
    expect([registered?.id, updated?.id]).toEqual(['customer:5:registered', 'customer:5:updated:2026-11-10T03:00:00.000Z']);
    expect(Object.fromEntries(updated?.traits?.map(({ trait, value }) => [trait, value]) ?? [])).toMatchObject({
      lastName: '山田',
      'ec.lastNameKana': 'ヤマダ',
      birthday: '1990-05-01',
      'ec.prefecture': '東京都',
      'ec.points': 120,
      'ec.totalSpent': 12800,
    });
  });

  it.each([
    ['1', []],
    ['3', ['ec.customer_deleted']],
  ])('a customer in state %s', async (id, types) => {
    await using vendor = await fakeVendor();
    serve(vendor);
    vendor.fault({ json: { data: { customer: { ...customer, Status: { id } } } } }, { on: 'POST /api' });
    expect((await receive(vendor, changed('customer', 5))).map(({ type }) => type)).toEqual(types);
  });

  it('a product, for the catalogue', async () => {
    await using vendor = await fakeVendor();
    serve(vendor);
    const desk = deskFor(vendor);
    expect(await receive(vendor, changed('product', 2), desk)).toEqual([]);
    expect(await desk.state.get('public/product::4901234567894')).toMatchObject({ name: '有機緑茶', variant: '100g', price: 1500 });
    await receive(vendor, changed('product', 2, 'deleted'), desk);
    expect(await desk.state.get('public/product::4901234567894')).toMatchObject({ onSale: false });
  });

  it('but not what is gone: its number is all there is', async () => {
    await using vendor = await fakeVendor();
    expect((await receive(vendor, [...changed('order', 13, 'deleted'), ...changed('customer', 5, 'deleted')])).map(({ id }) => id)).toEqual(
      ['order:13:deleted', 'customer:5:deleted'],
    );
    expect(vendor.requests).toEqual([]);
  });
});

describe('tokens', () => {
  it('are kept as secrets, used while they last, and each refresh token once', async () => {
    await using vendor = await fakeVendor();
    serve(vendor);
    const time = clock('2026-11-21T00:00:00Z');
    const desk = deskFor(vendor, time.now);
    await receive(vendor, changed('order', 13), desk);
    await receive(vendor, changed('order', 13), desk);
    expect(vendor.requests.filter(({ path }) => path === '/token')).toHaveLength(1);
    expect(Object.values(desk.kept())).toEqual([{ secret: true }]);
    time.advance(3600);
    await receive(vendor, changed('order', 13), desk);
    expect(
      vendor.requests.filter(({ path }) => path === '/token').map(({ text }) => new URLSearchParams(text).get('refresh_token')),
    ).toEqual(['ec_refresh_token_0', 'ec_refresh_token_1']);
  });

  it('that end early are replaced', async () => {
    await using vendor = await fakeVendor();
    serve(vendor);
    const desk = deskFor(vendor);
    vendor.fault('unauthorised', { on: 'POST /api', times: 1 });
    expect(await receive(vendor, changed('order', 13), desk)).toHaveLength(1);
  });

  it('that are refused may have been used by another process; if that lasts, they are for the operator to mend', async () => {
    await using vendor = await fakeVendor();
    vendor.on('POST /token', { status: 400, json: { error: 'invalid_grant' } });
    const time = clock();
    const desk = deskFor(vendor, time.now);
    await expect(receive(vendor, changed('order', 13), desk)).rejects.toThrow(ComeBackLater);
    time.advance(5);
    await expect(receive(vendor, changed('order', 13), desk)).rejects.toThrow('authorise the client again');
    await expect(receive(vendor, changed('order', 13), desk)).rejects.toThrow(GiveUp);
  });

  it('asked for twice at once serve both in the end', async () => {
    await using vendor = await fakeVendor();
    serve(vendor);
    const desk = deskFor(vendor);
    const ask = () => receive(vendor, changed('order', 13), desk);
    const results = await Promise.allSettled([ask(), ask()]);
    expect(results.map((result) => (result.status === 'rejected' ? result.reason : undefined)).filter((reason) => reason)).toEqual([
      expect.any(ComeBackLater),
    ]);
    expect(await ask()).toHaveLength(1);
  });
});

describe('when the shop fails', () => {
  it.each([
    ['is busy', 'busy', ComeBackLater],
    [
      'answers an error with 200',
      { json: { errors: [{ message: 'Insufficient permission' }] } },
      'EC-CUBE answered with an error: Insufficient permission',
    ],
    ['shows a page', 'html', 'where JSON was due'],
    ['hangs up', 'gone', 'EC-CUBE did not answer'],
  ] as const)('and %s, the call is kept to be worked on again', async (_, fault, thrown) => {
    await using vendor = await fakeVendor();
    serve(vendor);
    vendor.fault(fault, { on: 'POST /api' });
    await expect(receive(vendor, changed('order', 13))).rejects.toThrow(thrown as string);
  });

  it('and says nothing, the host’s patience ends it', async () => {
    await using vendor = await fakeVendor();
    serve(vendor);
    vendor.fault('silent', { on: 'POST /api' });
    const abort = new AbortController();
    const desk = createDesk({ hosts: [vendor.host], signal: abort.signal });
    const received = receive(vendor, changed('order', 13), desk);
    await vendor.next();
    await vendor.next();
    abort.abort(new Error('time is up'));
    await expect(received).rejects.toThrow('EC-CUBE did not answer');
  });
});

it('catching up reads orders, customers and products by the time of change', async () => {
  await using vendor = await fakeVendor();
  serve(vendor);
  const source = sourcesOf({ eccube: settings(vendor.url) })['eccube-catch-up'];
  const poll = source?.kind === 'poll' ? (source satisfies PollSource) : expect.fail('no poll');
  const desk = deskFor(vendor, clock('2026-11-21T00:00:00Z').now);
  const ids: (string | undefined)[] = [];
  let page = await poll.read(undefined as never, desk);
  for (ids.push(...page.drafts.map(({ id }) => id)); page.more; ids.push(...page.drafts.map(({ id }) => id)))
    page = await poll.read(page.cursor as never, desk);
  expect(ids).toEqual(['order:13', 'customer:5:registered', 'customer:5:updated:2026-11-10T03:00:00.000Z']);
  expect(poll.sameAs).toBe('eccube');
  const asked = vendor.requests.filter(({ path }) => path === '/api').map(({ json }) => (json() as { variables: unknown }).variables);
  expect(asked).toEqual(Array(3).fill({ page: 1, limit: 50, from: '2026-11-20T00:00:00+00:00', to: '2026-11-21T00:00:00+00:00' }));
});
