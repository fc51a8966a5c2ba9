import type { line } from '@enishi/plugin-line';
import { type FakeVendor, fakeVendor, type Route, rawRequest, signHmac, type VendorAnswer, type VendorRequest } from '@enishi/testkit';
import { type Call, contract, webhookFaults } from './contract.ts';

export const channelSecret = 'line-secret';
export const channelAccessToken = 'a-token-of-the-tests';
export const bot = 'U0123456789abcdef0123456789abcdef';

/** User id number `n`. */
export const userNumber = (n: number): string => `U${n.toString(16).padStart(32, '0')}`;

/** A message that LINE took, for one person. */
export interface Sent {
  readonly to: string;
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  readonly by: 'push' | 'multicast';
}

export interface FakeLine {
  readonly api: FakeVendor;
  /** Where files are uploaded. */
  readonly data: FakeVendor;
  readonly sent: readonly Sent[];
  /** Members by audience name. */
  readonly audiences: ReadonlyMap<string, ReadonlySet<string>>;
  /** How much a month's plan allows; `undefined` for no limit. */
  readonly limitTo: (quota: number | undefined) => void;
  /** The next message is answered like this, by default 500, and not taken: a fault of the vendor only changes the answer. */
  readonly breakDown: (status?: 429 | 500) => void;
  /** Every call that broke LINE's contract, and every answer of this fake that did. There should be none. */
  readonly violations: readonly string[];
  readonly settings: Parameters<typeof line>[0];
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

const contracts = [contract('messaging-api'), contract('manage-audience'), contract('channel-access-token')];

/** A LINE that takes and says only what LINE's OpenAPI files allow. Take it with `await using`: a broken contract fails the test. */
export async function fakeLine(over: Partial<FakeLine['settings']> = {}): Promise<FakeLine> {
  await using stack = new AsyncDisposableStack();
  const [api, data] = [stack.use(await fakeVendor()), stack.use(await fakeVendor())];
  const plan = lineOn(api, data);
  const open = stack.move();
  return {
    api,
    data,
    sent: plan.sent,
    violations: plan.violations,
    limitTo: plan.limitTo,
    breakDown: plan.breakDown,
    get audiences() {
      return plan.audiences;
    },
    settings: { channelSecret, channelAccessToken, apiUrl: api.url, dataUrl: data.url, ...over },
    [Symbol.asyncDispose]: async () => {
      await open.disposeAsync();
      if (plan.violations.length > 0) throw new Error(`against LINE's contract:\n${plan.violations.join('\n')}`);
    },
  };
}

type Plan = Pick<FakeLine, 'sent' | 'audiences' | 'limitTo' | 'breakDown' | 'violations'>;

/** Puts LINE's routes on vendors: one for `api.line.me`, one for `api-data.line.me`. */
export function lineOn(api: FakeVendor, data: FakeVendor): Plan {
  const violations: string[] = [];
  const sent: Sent[] = [];
  const accepted = new Map<string, string>();
  const groups = new Map<number, { name: string; members: Set<string> }>();
  let quota: number | undefined;
  let broken: 429 | 500 | undefined;
  let requests = 0;

  const route = (on: FakeVendor, name: `${string} /${string}`, answer: (call: Call, id: string, params: Params) => VendorAnswer): void => {
    const checked: Route = (request, params) => {
      requests += 1;
      const id = `request-${requests}`;
      const call = callOf(request);
      const held = contracts.find((one) => one.knows(call));
      violations.push(...(held?.requestFaults(call) ?? [`nothing is known of ${call.method} ${call.path}`]));
      if ((held?.hostOf(call)?.includes('api-data') ?? false) !== (on === data) && api !== data)
        violations.push(`${call.path} on the wrong host`);
      const reply = allowed(call) ? answer(call, id, params) : { status: 401, json: { message: 'Authentication failed' } };
      violations.push(...(held?.answerFaults(call, reply.status ?? 200, reply.json) ?? []));
      return { ...reply, headers: { 'x-line-request-id': id, ...reply.headers } };
    };
    on.on(name, checked);
  };
  const post = (path: string, answer: Parameters<typeof route>[2]): void => route(api, `POST ${path}` as `POST /${string}`, answer);
  const get = (path: string, answer: Parameters<typeof route>[2]): void => route(api, `GET ${path}` as `GET /${string}`, answer);

  /** Takes a message once per retry key, as long as the month has room. */
  const take = ({ headers, body }: Call, id: string, by: Sent['by']): VendorAnswer => {
    if (broken !== undefined) {
      const status = broken;
      broken = undefined;
      return {
        status,
        json: { message: status === 500 ? 'Internal Server Error' : 'The API rate limit has been exceeded. Try again later.' },
      };
    }
    const { to, messages } = body as { to: string | string[]; messages: Sent['messages'] };
    const key = headers['x-line-retry-key'] ?? '';
    const before = accepted.get(key);
    if (before !== undefined)
      return { status: 409, headers: { 'x-line-accepted-request-id': before }, json: { message: 'The retry key is already accepted' } };
    const people = [to].flat();
    if (quota !== undefined && sent.length + people.length > quota)
      return { status: 429, json: { message: 'You have reached your monthly limit.' } };
    const strange = people.findIndex((one) => !/^U[0-9a-f]{32}$/.test(one) || one.endsWith('dead'));
    if (strange >= 0)
      return by === 'push'
        ? { status: 400, json: { message: 'Failed to send messages' } }
        : {
            status: 400,
            json: {
              message: "The property, 'to[0]', in the request body is invalid",
              details: [{ message: 'invalid', property: `to[${strange}]` }],
            },
          };
    if (key !== '') accepted.set(key, id);
    sent.push(...people.map((one) => ({ to: one, messages, by })));
    return { json: by === 'push' ? { sentMessages: messages.map((_, n) => ({ id: `${id}-${n}` })) } : {} };
  };
  post('/v2/bot/message/push', (call, id) => take(call, id, 'push'));
  post('/v2/bot/message/multicast', (call, id) => take(call, id, 'multicast'));
  post('/v2/bot/message/reply', (call, id) => {
    const { messages } = call.body as { messages: unknown[] };
    return { json: { sentMessages: messages.map((_, n) => ({ id: `${id}-${n}` })) } };
  });
  post('/v2/bot/message/validate/push', () => ({ json: {} }));
  post('/oauth2/v3/token', (_call, id) => ({
    json: { token_type: 'Bearer', access_token: `${channelAccessToken} ${id}`, expires_in: 899 },
  }));
  post('/v2/bot/user/:userId/linkToken', (_call, id) => ({ json: { linkToken: `link-token-${id}` } }));
  get('/v2/bot/info', () => ({
    json: { userId: bot, basicId: '@enishi', displayName: 'えにし屋', chatMode: 'bot', markAsReadMode: 'auto' },
  }));
  get('/v2/bot/message/quota', () => ({ json: quota === undefined ? { type: 'none' } : { type: 'limited', value: quota } }));
  get('/v2/bot/message/quota/consumption', () => ({ json: { totalUsage: sent.length } }));
  get('/v2/bot/followers/ids', ({ query }) => ({
    json: query.start === 'page-2' ? { userIds: [userNumber(3)] } : { userIds: [userNumber(1), userNumber(2)], next: 'page-2' },
  }));

  const made = (name: string, people: readonly string[]): VendorAnswer => {
    if ([...groups.values()].some((group) => group.name.toLowerCase() === name.toLowerCase()))
      return { status: 400, json: { message: 'DUPLICATE_AUDIENCE_NAME', details: [] } };
    const audienceGroupId = 1_000_000_000_000 + requests;
    groups.set(audienceGroupId, { name, members: new Set(people) });
    const known = { type: 'UPLOAD', description: name, created: 1_613_700_237, permission: 'READ_WRITE', isIfaAudience: false };
    return { status: 202, json: { audienceGroupId, createRoute: 'MESSAGING_API', ...known } };
  };
  const added = (id: number, people: readonly string[]): VendorAnswer => {
    const group = groups.get(id);
    for (const one of people) group?.members.add(one);
    return group === undefined ? missing : { status: 202, body: '' };
  };
  const missing: VendorAnswer = {
    status: 400,
    json: { message: 'audience group not found', details: [{ message: 'AUDIENCE_GROUP_NOT_FOUND' }] },
  };
  const idsIn = (body: unknown): string[] => (body as { audiences: { id: string }[] }).audiences.map(({ id }) => id);
  const upload = '/v2/bot/audienceGroup/upload';
  post(upload, ({ body }) => made((body as { description: string }).description, idsIn(body)));
  route(api, `PUT ${upload}`, ({ body }) => added((body as { audienceGroupId: number }).audienceGroupId, idsIn(body)));
  const form = (body: unknown) => body as { description: string; audienceGroupId: number; file: string };
  route(data, `POST ${upload}/byFile`, ({ body }) => made(form(body).description, form(body).file.split('\n')));
  route(data, `PUT ${upload}/byFile`, ({ body }) => added(form(body).audienceGroupId, form(body).file.split('\n')));
  route(api, 'PUT /v2/bot/audienceGroup/:id/updateDescription', ({ body }, _request, { id = '' }) => {
    const group = groups.get(Number(id));
    if (group === undefined) return missing;
    group.name = (body as { description: string }).description;
    return { body: '' };
  });
  route(api, 'DELETE /v2/bot/audienceGroup/:id', (_call, _request, { id = '' }) => (groups.delete(Number(id)) ? { json: {} } : missing));
  get('/v2/bot/audienceGroup/list', ({ query }) => {
    const found = [...groups].filter(([, { name }]) => name.toLowerCase().includes((query.description ?? '').toLowerCase()));
    const audienceGroups = found.map(([audienceGroupId, { name, members }]) => ({
      audienceGroupId,
      createRoute: 'MESSAGING_API',
      type: 'UPLOAD',
      description: name,
      status: 'READY',
      audienceCount: members.size,
      created: 1_613_700_237,
      permission: 'READ_WRITE',
      isIfaAudience: false,
    }));
    return {
      json: {
        audienceGroups,
        hasNextPage: false,
        totalCount: found.length,
        readWriteAudienceGroupTotalCount: found.length,
        size: 40,
        page: 1,
      },
    };
  });

  return {
    sent,
    violations,
    get audiences() {
      return new Map([...groups.values()].map(({ name, members }) => [name, members]));
    },
    limitTo: (most) => {
      quota = most;
    },
    breakDown: (status = 500) => {
      broken = status;
    },
  };
}

type Params = Readonly<Record<string, string>>;

const allowed = ({ path, headers }: Call): boolean =>
  path.startsWith('/oauth2/') || (headers.authorization ?? '').startsWith(`Bearer ${channelAccessToken}`);

function callOf(request: VendorRequest): Call {
  const { method, path, query, headers } = request;
  const type = headers['content-type'] ?? '';
  return { method, path, query, headers, body: bodyOf(request, type) };
}

function bodyOf({ text, json }: VendorRequest, type: string): unknown {
  if (text === '') return undefined;
  if (type.startsWith('application/json')) return json();
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  if (!type.startsWith('multipart/form-data')) return undefined;
  const boundary = type.split('boundary=')[1] ?? '';
  const parts = text.split(`--${boundary}`).flatMap((part) => {
    const [head = '', ...rest] = part.split('\r\n\r\n');
    const name = /name="(\w+)"/.exec(head)?.[1];
    return name === undefined ? [] : [[name, rest.join('\r\n\r\n').replace(/\r\n$/, '')] as const];
  });
  const typed = parts.map(([name, value]) => [
    name,
    name === 'audienceGroupId' ? Number(value) : name === 'isIfaAudience' ? value === 'true' : value,
  ]);
  return Object.fromEntries(typed);
}

let events = 0;

/** An event as LINE sends it, of a time that moves on; `about` is what its kind adds. Throws where LINE would not send it. */
export function lineEvent(type: string, about: Readonly<Record<string, unknown>> = {}) {
  events += 1;
  const event = {
    type,
    mode: 'active',
    timestamp: Date.parse('2026-11-21T09:00:00+09:00') + events * 1000,
    webhookEventId: `01KAQ3X8W2N6Q9V1T0${String(events).padStart(8, '0')}`,
    deliveryContext: { isRedelivery: false },
    source: { type: 'user', userId: userNumber(1) },
    ...about,
  };
  const faults = webhookFaults({ destination: bot, events: [event] });
  if (faults.length > 0) throw new Error(`LINE would not send this: ${faults.join('; ')}`);
  return event;
}

/** A call of LINE's webhook, signed. */
export const hookCall = (list: readonly object[]) =>
  signHmac({ header: 'x-line-signature', secret: channelSecret, encoding: 'base64' })(
    rawRequest({ json: { destination: bot, events: list } }),
  );
