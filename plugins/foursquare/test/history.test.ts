import { ComeBackLater, GiveUp } from '@enishi/plugin-sdk';
import { fakeVendor, sourceOf } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { answerHistory, checkin, coffeeShop, connect, deskFor, form, historyOf, loginOf, pluginFor, pushed, refusal, v2 } from './setup.ts';

const museum = { id: '4bf58dd8d48988d181941735', name: 'Museum' };
const all = Array.from({ length: 230 }, (_, number) => checkin(number, number < 100 ? museum : undefined));
const user = '1709193';

describe('connecting an account', () => {
  const departure = { identifiers: { member: '42' }, state: 's-1', returnUrl: 'https://cdp.example/links/foursquare/login/return' };
  const back = (query: Record<string, string>) => ({ method: 'GET', path: '/', query, headers: {}, body: new Uint8Array() });

  it('asks at Foursquare with our state', async () => {
    await using vendor = await fakeVendor();
    const url = new URL(await loginOf(pluginFor(vendor)).depart(departure, deskFor(vendor)));
    expect(url.pathname).toBe('/oauth2/authenticate');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'CLIENT',
      response_type: 'code',
      redirect_uri: departure.returnUrl,
      state: 's-1',
    });
  });

  it('ties the account to the person, with consents for both scopes, and reads the history', async () => {
    await using vendor = await fakeVendor();
    vendor.on('GET /oauth2/access_token', { json: { access_token: 'user-token-1709193' } });
    vendor.on('GET /v2/users/self', v2({ user: { id: user, firstName: '太郎', homeCity: '東京' } }));
    const desk = deskFor(vendor);
    const { drafts, backfill } = await loginOf(pluginFor(vendor)).arrive(back({ code: 'c', state: 's-1' }), departure, desk);
    expect(drafts).toMatchObject([
      {
        type: 'foursquare.account_linked',
        identifiers: { member: '42', 'foursquare.user': user },
        consents: [
          { scope: 'foursquare.checkins', state: 'GIVEN', purpose: 'personalisation', channel: 'foursquare' },
          { scope: 'foursquare.location', state: 'GIVEN' },
        ],
        traits: [
          { trait: 'foursquare.firstName', value: '太郎' },
          { trait: 'foursquare.homeCity', value: '東京' },
        ],
      },
    ]);
    expect(backfill).toEqual({ source: 'history', options: { user } });
    expect(desk.kept()).toEqual({ [`token:${user}`]: { secret: true } });
    expect(vendor.requests.map(({ query }) => [query.grant_type, query.oauth_token, query.v])).toEqual([
      ['authorization_code', undefined, undefined],
      [undefined, 'user-token-1709193', '20260101'],
    ]);
  });

  it.each([
    ['the person said no', { error: 'access_denied' }],
    ['Foursquare does not know the code', { code: 'old' }],
  ])('connects nothing where %s', async (_, query) => {
    await using vendor = await fakeVendor();
    vendor.on('GET /oauth2/access_token', { status: 400, json: { error: 'invalid_grant' } });
    const desk = deskFor(vendor);
    await expect(loginOf(pluginFor(vendor)).arrive(back(query as Record<string, string>), departure, desk)).rejects.toBeInstanceOf(GiveUp);
    expect(desk.kept()).toEqual({});
  });
});

describe('the history of an account', () => {
  it('is read to its end whatever the size of the pages, each check-in once, under the ids of the push', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    await connect(desk);
    answerHistory(vendor, all);
    const plugin = pluginFor(vendor);
    const drafts = await historyOf(plugin)({ user }, desk);
    expect(sourceOf(plugin, 'history', 'backfill').sameAs).toBe('push');
    expect(drafts.filter(({ type }) => type === 'foursquare.checked_in').map(({ id }) => id)).toEqual(
      all.map(({ id }) => `checkin:${id}`).reverse(),
    );
    expect(vendor.requests.map(({ query }) => query.offset)).toEqual(['0', '100', '200']);
    expect(new Set(vendor.requests.map(({ query }) => query.beforeTimestamp)).size).toBe(1);
    expect(drafts.at(-1)).toMatchObject({
      type: 'foursquare.history_read',
      properties: {
        checkins: 230,
        categories: [
          { id: coffeeShop, count: 130 },
          { id: museum.id, count: 100 },
        ],
      },
      traits: [{ value: ['Coffee Shop', 'Museum'] }, { value: [coffeeShop, museum.id] }],
    });
  });

  it('and what is pushed meanwhile make one count', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    await connect(desk);
    answerHistory(vendor, [checkin(1), checkin(2, museum)]);
    const plugin = pluginFor(vendor);
    await pushed(plugin, form(checkin(2, museum)), desk);
    await historyOf(plugin)({ user }, desk);
    const later = { ...checkin(9, museum), createdAt: Math.floor(Date.now() / 1000) + 60 };
    const [draft] = await pushed(plugin, form(later), desk);
    expect(draft?.traits?.[0]?.value).toEqual(['Museum', 'Coffee Shop']);
    expect(await desk.state.get('tally:1709193')).toMatchObject({
      counts: { [museum.id]: ['Museum', 2], [coffeeShop]: ['Coffee Shop', 1] },
    });
  });

  it('may begin at a day', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    await connect(desk);
    answerHistory(vendor, all);
    await historyOf(pluginFor(vendor))({ user, since: '2023-11-15' }, desk);
    expect(vendor.requests[0]?.query.afterTimestamp).toBe('1700006400');
  });

  it('passes over what cannot be read, and what is private', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    await connect(desk);
    answerHistory(vendor, [checkin(1), { ...checkin(2), visibility: 'private' } as never, { createdAt: 1700000000, id: 7 } as never]);
    const drafts = await historyOf(pluginFor(vendor))({ user }, desk);
    expect(drafts.map(({ type }) => type)).toEqual(['foursquare.checked_in', 'foursquare.history_read']);
    expect(desk.logged).toHaveLength(1);
  });

  it('sends the token in the header where the settings want it there', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    await connect(desk);
    answerHistory(vendor, []);
    await historyOf(pluginFor(vendor, { tokenIn: 'header' }))({ user }, desk);
    expect(vendor.requests[0]?.query.oauth_token).toBeUndefined();
    expect(vendor.requests[0]?.headers.authorization).toBe('Bearer user-token-1709193');
  });

  it('ends with everything taken back where the owner took the app out', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    await connect(desk);
    vendor.on('GET /v2/users/self/checkins', refusal(401, 'invalid_auth'));
    const drafts = await historyOf(pluginFor(vendor))({ user }, desk);
    expect(drafts).toMatchObject([{ type: 'foursquare.disconnected', consents: [{ state: 'WITHDRAWN' }, { state: 'WITHDRAWN' }] }]);
    expect(desk.kept()).toEqual({});
  });

  it('of an account that is not connected is nobody’s to read', async () => {
    await using vendor = await fakeVendor();
    await expect(historyOf(pluginFor(vendor))({ user }, deskFor(vendor))).rejects.toBeInstanceOf(GiveUp);
  });
});

describe('when Foursquare', () => {
  const soon = String(Math.floor(Date.now() / 1000) + 600);
  it.each([
    ['limits the calls as it did for years', refusal(403, 'rate_limit_exceeded', { 'X-RateLimit-Reset': soon }), ComeBackLater],
    ['limits the calls as it does now', refusal(429, 'quota_exceeded'), ComeBackLater],
    ['breaks', refusal(500, 'server_error'), ComeBackLater],
    ['breaks without a word', 'broken', ComeBackLater],
    ['answers 200 with an error in it', { json: { meta: { code: 500, errorType: 'server_error' }, response: {} } }, ComeBackLater],
    ['sends a web page', 'html', ComeBackLater],
    ['hangs up in the middle', 'cut', ComeBackLater],
    ['hangs up', 'gone', ComeBackLater],
    ['does not like the question', refusal(400, 'param_error'), GiveUp],
    ['answers in another shape', v2({ checkins: 'none' }), GiveUp],
  ] as const)('%s, it is known what to do', async (_, fault, error) => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    await connect(desk);
    answerHistory(vendor, all);
    vendor.fault(fault);
    const thrown = await historyOf(pluginFor(vendor))({ user }, desk).catch((one: unknown) => one);
    expect(thrown).toBeInstanceOf(error);
    expect(String(thrown)).not.toContain('user-token');
  });

  it('says when the limit is over, it is asked then', async () => {
    await using vendor = await fakeVendor();
    const desk = deskFor(vendor);
    await connect(desk);
    vendor.fault('busy');
    const thrown = await historyOf(pluginFor(vendor))({ user }, desk).catch((one: unknown) => one);
    expect(thrown).toMatchObject({ name: 'ComeBackLater', afterSeconds: 7 });
  });
});
