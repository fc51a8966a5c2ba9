/** A question as a partner gets it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

interface Answer {
  readonly status: number;
  readonly content: unknown;
}

/** Mei's accounts at partners. Whoever logs in brings the code `of-` and their account's id back. */
export const accounts = { facebook: '10203040506070809', foursquare: '1709193', line: 'U4af4980629f0c1d2e3f4a5b6c7d8e9f0' } as const;
export const codeOf = (account: string): string => `of-${account}`;
const accountOf = (code: string | null): string => (code ?? '').replace(/^of-/, '');

const granted = ['public_profile', 'user_likes'] as const;
const list = (data: readonly unknown[]) => ({ data });
const foursquare = (response: unknown) => ({ meta: { code: 200, requestId: 'demo' }, response });

const answers: readonly (readonly [method: string, path: RegExp, content: (asked: Asked) => unknown])[] = [
  ['POST', /^\/v2\/bot\/user\/[^/]+\/linkToken$/, () => ({ linkToken: 'NMZTNuVrPTqlr2IF8Bnymkb7rXfYv5EY' })],
  ['POST', /^\/v2\/bot\/message\/push$/, () => ({ sentMessages: [{ id: '461230966842064897' }] })],
  ['POST', /^\/v2\/bot\/message\/multicast$/, () => ({})],
  ['GET', /^\/v2\/bot\/message\/quota$/, () => ({ type: 'limited', value: 5000 })],
  ['GET', /^\/v2\/bot\/message\/quota\/consumption$/, () => ({ totalUsage: 0 })],
  ['GET', /\/oauth\/access_token$/, () => ({ access_token: 'demo-facebook-token', token_type: 'bearer', expires_in: 5_183_944 })],
  [
    'GET',
    /\/debug_token$/,
    () => ({ data: { app_id: '4711', user_id: accounts.facebook, is_valid: true, expires_at: 1_900_000_000, scopes: granted } }),
  ],
  ['GET', /\/me\/permissions$/, () => list(granted.map((permission) => ({ permission, status: 'granted' })))],
  [
    'GET',
    /\/me\/likes$/,
    () => list([{ id: '900', name: '喫茶えにし', category: 'Coffee shop', created_time: '2025-05-01T00:00:00+0000' }]),
  ],
  ['GET', /\/me$/, () => ({ id: accounts.facebook, first_name: '芽衣', last_name: '佐藤' })],
  ['GET', /^\/oauth2\/access_token$/, ({ query }) => ({ access_token: accountOf(query.get('code')) })],
  ['GET', /^\/v2\/users\/self$/, ({ query }) => foursquare({ user: { id: query.get('oauth_token') } })],
  ['GET', /^\/v2\/users\/self\/checkins$/, () => foursquare({ checkins: { count: 0, items: [] } })],
  [
    '*',
    /^\/v24\.0\/\d+\/users$/,
    () => ({ audience_id: '120', session_id: '77', num_received: 1, num_invalid_entries: 0, invalid_entry_samples: {} }),
  ],
];

/** What the partner that is asked answers. */
export function answerOf(asked: Asked): Answer {
  const found = answers.find(([method, path]) => (method === '*' || method === asked.method) && path.test(asked.path));
  return found === undefined
    ? { status: 404, content: { message: `this demo has no ${asked.method} ${asked.path}` } }
    : { status: 200, content: found[2](asked) };
}
