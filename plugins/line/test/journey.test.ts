import { listDeliveries, saveSegment } from '@enishi/core';
import { line } from '@enishi/plugin-line';
import { createTestEnishi } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { fakeLine, hookCall, lineEvent, userNumber } from './line.ts';

const secretKey = 'a-key-for-tests-that-has-32-characters';
const notice = 'https://shop.example/line-terms/3';
const coupon = {
  messages: [
    { type: 'text', text: '{{firstName}}様、ゴールド会員へようこそ' },
    { type: 'coupon', couponId: '01JYNW8JMQ' },
  ],
};

/** An Enishi that sends a coupon by LINE to whoever becomes a gold member, and the LINE it speaks to. */
async function createShop() {
  await using stack = new AsyncDisposableStack();
  const fake = stack.use(
    await fakeLine({ accountLink: { page: 'https://shop.example/login' }, follow: { purposes: ['marketing'], notice } }),
  );
  const enishi = stack.use(await createTestEnishi({ plugins: [line(fake.settings)], config: { secretKey } }));
  const { line: events, workspace, database } = enishi;
  await saveSegment(events, workspace, { key: 'gold', name: 'Gold', rule: { trait: 'rank', is: 'gold' } });
  const program = {
    key: 'gold-coupon',
    name: 'Gold coupon',
    segment: 'gold',
    trigger: 'ENTERED',
    destination: 'line.message',
    message: coupon,
  };
  const save = 'mutation ($input: ProgramInput!) { saveProgram(input: $input) { __typename } }';
  expect(await enishi.graphql('marketer', save, { input: program })).toEqual({ data: { saveProgram: { __typename: 'Program' } } });

  /** LINE calls the webhook; `settle` works on what it brought. */
  const hears = async (...list: object[]): Promise<void> => {
    const { headers, body } = hookCall(list);
    const call = enishi.http.post('/hooks/line/webhook').set(headers as Record<string, string>);
    await call.send(Buffer.from(body).toString()).expect(200, {});
    await enishi.settle();
  };
  /** The shop learns of somebody's rank by their member number. */
  const rank = async (value: string): Promise<void> => {
    const event = { type: 'enishi.identified', identifiers: { member: '1000001' }, traits: { rank: value, firstName: '花子' } };
    expect(await events.accept(workspace, 'api', [event])).toMatchObject([{ status: 'ACCEPTED' }]);
    await enishi.settle();
  };
  /** The log-in page asks for the way to LINE, and the browser goes there. Answers the nonce LINE is given. */
  const depart = async (): Promise<string> => {
    const { data } = await enishi.graphql<{ createAccountLink: { url: string } }>(
      'front-end',
      `mutation ($line: String!) {
        createAccountLink(
          source: "line.account-link"
          identifiers: [{ namespace: "member", value: "1000001" }, { namespace: "line.user", value: $line }]
        ) { ... on AccountLink { url } }
      }`,
      { line: userNumber(1) },
    );
    const { pathname, search } = new URL(data?.createAccountLink.url ?? '');
    const { headers } = await enishi.http.get(pathname + search).expect(302);
    return new URL(headers.location ?? '').searchParams.get('nonce') ?? '';
  };
  const statuses = async () => (await listDeliveries(database, workspace.id)).deliveries.map(({ status, reason }) => ({ status, reason }));
  const open = stack.move();
  return { fake, enishi, hears, rank, depart, statuses, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

const follow = (isUnblocked = false) => lineEvent('follow', { replyToken: 't', follow: { isUnblocked } });
const linked = (nonce: string) => lineEvent('accountLink', { replyToken: 't', link: { result: 'ok', nonce } });
const delivered = { status: 'DELIVERED', reason: null };

const look = `query ($line: String!) {
  customerBy(identity: { namespace: "line.user", value: $line }) {
    identities { namespace value }
    consents { purpose channel state }
  }
}`;

describe('from adding the account to a coupon and back', () => {
  it('a friend who ties their membership gets the coupon, and nothing more after blocking', async () => {
    await using shop = await createShop();
    await shop.hears(follow());
    await shop.hears(linked(await shop.depart()));
    await shop.rank('gold');
    expect(await shop.statuses()).toEqual([delivered]);
    expect(shop.fake.sent).toEqual([
      {
        to: userNumber(1),
        by: 'push',
        messages: [
          { type: 'text', text: '花子様、ゴールド会員へようこそ' },
          { type: 'coupon', couponId: '01JYNW8JMQ' },
        ],
      },
    ]);

    const { data } = await shop.enishi.graphql<{ customerBy: { identities: object[]; consents: object[] } }>('front-end', look, {
      line: userNumber(1),
    });
    expect(data?.customerBy.identities).toEqual(
      expect.arrayContaining([
        { namespace: 'member', value: '1000001' },
        { namespace: 'line.user', value: userNumber(1) },
      ]),
    );

    await shop.rank('silver');
    await shop.hears(lineEvent('unfollow'));
    await shop.rank('gold');
    expect(await shop.statuses()).toEqual([{ status: 'SUPPRESSED', reason: 'consent withdrawn: marketing/line' }, delivered]);
    expect(shop.fake.sent).toHaveLength(1);
  });

  it('a redelivered follow does not undo a block', async () => {
    await using shop = await createShop();
    const first = follow();
    await shop.hears(first);
    await shop.hears(linked(await shop.depart()));
    await shop.hears(lineEvent('unfollow'));
    await shop.hears({ ...first, deliveryContext: { isRedelivery: true } });
    await shop.rank('gold');
    expect(await shop.statuses()).toEqual([{ status: 'SUPPRESSED', reason: 'consent withdrawn: marketing/line' }]);
    expect(shop.fake.sent).toEqual([]);
  });

  it('nobody is tied by a nonce LINE was not given', async () => {
    await using shop = await createShop();
    await shop.depart();
    await shop.hears(follow(), linked('b2xkLW5vbmNlLWV4YW1wbGU'));
    await shop.rank('gold');
    expect(await shop.statuses()).toEqual([{ status: 'SUPPRESSED', reason: expect.any(String) }]);
    expect(shop.fake.sent).toEqual([]);
  });

  it('a forged call is refused, and the console may verify', async () => {
    await using shop = await createShop();
    await shop.hears();
    const { headers, body } = hookCall([follow()]);
    const forged = { ...headers, 'x-line-signature': hookCall([]).headers['x-line-signature'] } as Record<string, string>;
    await shop.enishi.http.post('/hooks/line/webhook').set(forged).send(Buffer.from(body).toString()).expect(401);
  });
});

describe('an audience', () => {
  it('says who still has to go, until it is made anew without them', async () => {
    await using fake = await fakeLine({ follow: { purposes: ['advertising'] } });
    await using enishi = await createTestEnishi({ plugins: [line(fake.settings)], config: { secretKey } });
    const { line: events, workspace, database } = enishi;
    await saveSegment(events, workspace, { key: 'friends', name: 'Friends', rule: { trait: 'line.friend', exists: true } });
    const message = { audience: '友だち' };
    const input = { key: 'to-line', name: 'To LINE', segment: 'friends', trigger: 'BOTH', destination: 'line.audience', message };
    const saved = await enishi.graphql('marketer', 'mutation ($input: ProgramInput!) { saveProgram(input: $input) { __typename } }', {
      input,
    });
    expect(saved).toEqual({ data: { saveProgram: { __typename: 'Program' } } });
    const hears = async (...list: object[]): Promise<void> => {
      const { headers, body } = hookCall(list);
      const call = enishi.http.post('/hooks/line/webhook').set(headers as Record<string, string>);
      await call.send(Buffer.from(body).toString()).expect(200);
      await enishi.settle();
    };
    const by = (n: number) => ({ source: { type: 'user', userId: userNumber(n) } });
    const follows = (n: number) => lineEvent('follow', { ...by(n), replyToken: 't', follow: { isUnblocked: false } });
    await hears(follows(1), follows(2));
    expect(fake.audiences.get('友だち')).toEqual(new Set([userNumber(1), userNumber(2)]));

    await hears(lineEvent('unfollow', by(2)));
    const waiting = (await listDeliveries(database, workspace.id)).deliveries.filter(({ status }) => status === 'PENDING');
    expect(waiting.map(({ reason }) => reason)).toEqual(['LINE takes nobody out of an audience: "友だち" has to be made anew']);
    const synced = await enishi.graphql('operator', 'mutation { syncAudience(program: "to-line") { __typename } }');
    expect(synced.errors).toBeUndefined();
    expect(fake.audiences.get('友だち')).toEqual(new Set([userNumber(1)]));
  });
});
