import { createHash } from 'node:crypto';
import { ComeBackLater, type Connected, GiveUp } from '@enishi/plugin-sdk';
import { fakeVendor, rawRequest, type TestDesk } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { channelAccessToken, channelSecret, userNumber } from './line.ts';
import { deskFor, linkOf } from './parts.ts';

const departure = { identifiers: { user: 'taro' }, state: 'proof-of-the-house', returnUrl: 'https://cdp.example/links/line/login/return' };

interface Login {
  readonly granted?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly friend?: object;
}

/** LINE Login as its reference has it. It has no OpenAPI file; a code is good once, and only with its verifier. */
async function begin({
  granted = 'openid profile email',
  claims = {},
  settings = {},
  friend = { json: { friendFlag: true } },
}: Login = {}) {
  const vendor = await fakeVendor();
  const login = { channelId: '2345678901', channelSecret: 'login-secret', scopes: ['profile' as const, 'email' as const], ...settings };
  const source = linkOf({ channelSecret, channelAccessToken, apiUrl: vendor.url, login }, 'login');
  const desk: TestDesk = deskFor({ api: vendor, data: vendor });
  const address = new URL(await source.depart(departure, desk));
  const asked = address.searchParams;
  vendor.on('POST /oauth2/v2.1/token', ({ text }) => {
    const form = new URLSearchParams(text);
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const right =
      proof === asked.get('code_challenge') &&
      form.get('client_secret') === 'login-secret' &&
      form.get('redirect_uri') === departure.returnUrl;
    if (!right) return { status: 400, json: { error: 'invalid_grant', error_description: 'invalid code verifier' } };
    return {
      json: { access_token: 'access', token_type: 'Bearer', expires_in: 2_592_000, refresh_token: 'r', scope: granted, id_token: 'a.b.c' },
    };
  });
  const known = {
    iss: 'https://access.line.me',
    sub: userNumber(1),
    aud: '2345678901',
    exp: 4_102_444_800,
    iat: 1_795_285_637,
    name: '花子',
  };
  vendor.on('POST /oauth2/v2.1/verify', () => ({ json: { ...known, email: 'hanako@example.jp', nonce: asked.get('nonce'), ...claims } }));
  vendor.on('GET /friendship/v1/status', ({ headers }) => (headers.authorization === 'Bearer access' ? friend : { status: 401 }));
  const arrive = (query: Record<string, string> = { code: 'code', state: departure.state }): Promise<Connected> =>
    source.arrive(rawRequest({ method: 'GET', query }), departure, desk);
  return { vendor, desk, address, asked, arrive, [Symbol.asyncDispose]: vendor.stop };
}

describe('LINE Login', () => {
  it('asks for what the settings say, with state, nonce and PKCE', async () => {
    await using login = await begin({ settings: { addFriend: 'aggressive' } });
    expect(login.address.origin + login.address.pathname).toBe('https://access.line.me/oauth2/v2.1/authorize');
    expect(Object.fromEntries(login.asked)).toEqual({
      response_type: 'code',
      client_id: '2345678901',
      redirect_uri: departure.returnUrl,
      state: departure.state,
      scope: 'openid profile email',
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      bot_prompt: 'aggressive',
    });
    expect(login.desk.kept()).toEqual({ [`login/${departure.state}`]: { secret: true } });
  });

  it('ties the account, with the name, the friendship and a consent for each scope', async () => {
    await using login = await begin();
    const { drafts } = await login.arrive();
    expect(drafts).toMatchObject([
      {
        type: 'line.login_connected',
        identifiers: { user: 'taro', 'line.user': userNumber(1) },
        properties: { scopes: ['openid', 'profile', 'email'], friend: true },
        traits: [
          { trait: 'line.friend', value: true },
          { trait: 'line.displayName', value: '花子' },
        ],
      },
    ]);
    expect(drafts[0]?.identifiers.email).toBeUndefined();
    expect(drafts[0]?.consents?.map(({ purpose, channel, scope, state }) => [`${purpose}/${channel}`, scope, state])).toEqual([
      ['personalisation/line-login', 'line.profile', 'GIVEN'],
      ['personalisation/line-login', 'line.email', 'GIVEN'],
    ]);
  });

  it('takes nothing that was not granted, and writes down what was refused', async () => {
    await using login = await begin({ granted: 'openid', friend: { status: 400, json: {} } });
    const [draft] = (await login.arrive()).drafts;
    expect(draft).toMatchObject({ properties: { scopes: ['openid'] }, traits: [] });
    expect(draft?.consents?.map(({ scope, state }) => [scope, state])).toEqual([
      ['line.profile', 'REFUSED'],
      ['line.email', 'REFUSED'],
    ]);
  });

  it('takes the e-mail address for an identifier only where it is trusted', async () => {
    await using login = await begin({ settings: { trustEmail: true } });
    expect((await login.arrive()).drafts[0]?.identifiers.email).toBe('hanako@example.jp');
  });

  it('counts once', async () => {
    await using login = await begin();
    await login.arrive();
    await expect(login.arrive()).rejects.toThrow(new GiveUp('this log-in was not begun here, or is too old'));
  });

  it('gives up where the person refused', async () => {
    await using login = await begin();
    const refused = login.arrive({ error: 'access_denied', error_description: 'The resource owner denied the request.' });
    await expect(refused).rejects.toThrow(new GiveUp('The resource owner denied the request.'));
    expect(login.vendor.requests).toEqual([]);
  });

  it.for([
    [{ iss: 'https://evil.example' }, 'made for another log-in'],
    [{ aud: '1111111111' }, 'made for another log-in'],
    [{ nonce: 'replayed' }, 'made for another log-in'],
    [{ exp: 1_700_000_000 }, 'lapsed'],
  ] as const)('refuses an ID token with %j', async ([claims, why]) => {
    await using login = await begin({ claims });
    await expect(login.arrive()).rejects.toThrow(why);
  });

  it('says when to come back where LINE is busy', async () => {
    await using login = await begin();
    login.vendor.fault('busy');
    await expect(login.arrive()).rejects.toBeInstanceOf(ComeBackLater);
  });
});
