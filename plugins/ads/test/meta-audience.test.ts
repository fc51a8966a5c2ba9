import { createHmac } from 'node:crypto';
import { ComeBackLater, GiveUp } from '@enishi/plugin-sdk';
import { createDesk, fakeVendor } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { ads } from '../src/index.ts';
import { sha256 } from '../src/normalise/index.ts';
import { type AdsSettings, audienceOf, changes, deskFor, hanako, metaOn, named, now, person, statusesOf } from './world.ts';

const message = { audience: '120' };
const taroHash = 'b6ebd83922edfa96b0ff9166a958badcc230dd68d2315ddfea22f20eaf05994a';
const phoneHash = '0ad07193350775c6d4377f8b039d32877e66c69a454ed886b05279771c0fca0b';

interface Body {
  readonly payload: { readonly schema: unknown; readonly data: readonly unknown[] };
  readonly session: Readonly<Record<string, unknown>>;
}

async function createMeta(over: Partial<NonNullable<AdsSettings['meta']>> = {}, known: AdsSettings['known'] = {}) {
  const vendor = await fakeVendor();
  const plugin = ads({ known, meta: { ...metaOn(vendor), ...over } });
  return {
    vendor,
    plugin,
    meta: audienceOf(plugin, 'meta'),
    desk: deskFor(plugin),
    bodies: () => vendor.requests.map((request) => request.json() as Body),
    [Symbol.asyncDispose]: () => vendor.stop(),
  };
}

describe('a call', () => {
  it('carries hashes by column, one row for each address, and a session', async () => {
    await using world = await createMeta();
    expect(await world.meta.apply(changes(message, [hanako]), world.desk)).toEqual([{ status: 'delivered', reference: 'session 77' }]);
    const [request] = world.vendor.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/v24.0/120/users', query: {} });
    expect(request?.json()).toEqual({
      payload: {
        schema: ['EMAIL', 'PHONE'],
        data: [
          [taroHash, phoneHash],
          [sha256('taro@gmail.com'), phoneHash],
        ],
      },
      session: { session_id: expect.any(Number), batch_seq: 1, last_batch_flag: true, estimated_num_total: 2 },
      access_token: 'token-of-the-tests',
      appsecret_proof: createHmac('sha256', 'app-secret').update('token-of-the-tests').digest('hex'),
    });
  });

  it('tells nothing of a person that is not configured', async () => {
    await using world = await createMeta({ fields: ['email'] }, named);
    await world.meta.apply(changes(message, [hanako]), world.desk);
    expect(world.bodies()[0]?.payload).toEqual({ schema: ['EMAIL'], data: [[taroHash], [sha256('taro@gmail.com')]] });
  });

  it('tells everything that is', async () => {
    const fields = [
      'email',
      'phone',
      'givenName',
      'familyName',
      'birthday',
      'gender',
      'postalCode',
      'prefecture',
      'city',
      'country',
    ] as const;
    await using world = await createMeta({ fields: [...fields, 'externalId'] }, named);
    await world.meta.apply(changes(message, [{ ...hanako, identifiers: { email: ['taro@gmail.com'], member: ['m-551'] } }]), world.desk);
    expect(world.bodies()[0]?.payload).toEqual({
      schema: ['EMAIL', 'PHONE', 'FN', 'LN', 'DOBY', 'DOBM', 'DOBD', 'GEN', 'ZIP', 'ST', 'CT', 'COUNTRY', 'EXTERN_ID'],
      data: [
        [
          sha256('taro@gmail.com'),
          '',
          ...['mary', 'ヤマダ', '1990', '05', '01', 'f', '1500002', '東京都', '渋谷区', 'jp'].map(sha256),
          'm-551',
        ],
      ],
    });
    expect(world.vendor.requests[0]?.text).not.toMatch(/Yamada|yamada@|gmail|5000000|神宮前/);
  });

  it('takes out by DELETE with the very hashes that were put in', async () => {
    await using world = await createMeta();
    await world.meta.apply(changes(message, [hanako]), world.desk);
    await world.meta.apply(changes(message, [hanako], 'REMOVE'), world.desk);
    expect(world.vendor.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v24.0/120/users',
      'DELETE /v24.0/120/users',
    ]);
    const [put, taken] = world.bodies();
    expect(taken?.payload).toEqual(put?.payload);
  });

  it('passes a value that is a hash already', async () => {
    await using world = await createMeta({}, { email: { trait: 'emailHash' } });
    await world.meta.apply(changes(message, [{ ...hanako, traits: { emailHash: taroHash.toUpperCase() } }]), world.desk);
    expect(world.bodies()[0]?.payload).toMatchObject({ data: [[taroHash, phoneHash]] });
  });

  it('carries limited data use by person, and that people agreed', async () => {
    await using world = await createMeta({ customerConsent: true, limitedDataUse: { of: { trait: 'limited' }, country: 1, state: 1000 } });
    const people = [{ ...person(1), traits: { limited: true } }, person(2)];
    await world.meta.apply(changes(message, people), world.desk);
    expect(world.bodies()[0]).toMatchObject({
      customer_consent: true,
      payload: {
        schema: ['EMAIL', 'PHONE', 'DATA_PROCESSING_OPTIONS'],
        data: [
          [sha256('p1@example.jp'), '', ['LDU']],
          [sha256('p2@example.jp'), '', []],
        ],
      },
    });
  });
});

describe('sessions', () => {
  it('more rows than one call takes are batches of one session', async () => {
    await using world = await createMeta();
    const people = Array.from({ length: 10_000 }, (_, n) => person(n));
    const twice = { ...person(0), identifiers: { email: ['a@example.jp', 'b@example.jp'] } };
    const outcomes = await world.meta.apply(changes(message, [twice, ...people.slice(1)]), world.desk);
    expect(new Set(statusesOf(outcomes))).toEqual(new Set(['delivered']));
    const [first, second] = world.bodies();
    expect([first?.payload.data.length, second?.payload.data.length]).toEqual([10_000, 1]);
    expect(first?.session).toMatchObject({ batch_seq: 1, last_batch_flag: false, estimated_num_total: 10_001 });
    expect(second?.session).toEqual({ ...first?.session, batch_seq: 2, last_batch_flag: true });
  });

  it('another attempt is another session', async () => {
    await using world = await createMeta();
    const first = changes(message, [hanako]);
    await world.meta.apply(first, world.desk);
    await world.meta.apply(
      first.map((change) => ({ ...change, attempt: 2 })),
      world.desk,
    );
    const [before, after] = world.bodies().map(({ session }) => Number(session.session_id));
    expect(after).not.toBe(before);
    for (const id of [before, after]) expect(Number.isSafeInteger(id) && Number(id) > 0).toBe(true);
  });

  it('a replacement streams everybody through one session', async () => {
    await using world = await createMeta();
    async function* everybody() {
      for (let n = 0; n < 20_000; n += 1) yield person(n);
    }
    await world.meta.replace?.(message as never, everybody(), world.desk);
    const bodies = world.bodies();
    expect(bodies.map(({ payload, session }) => [payload.data.length, session.batch_seq, session.last_batch_flag])).toEqual([
      [10_000, 1, false],
      [10_000, 2, true],
    ]);
    expect(new Set(bodies.map(({ session }) => session.session_id)).size).toBe(1);
    expect(world.vendor.requests[0]?.path).toBe('/v24.0/120/usersreplace');
  });

  it('a replacement that Meta refuses stops with its reason', async () => {
    await using world = await createMeta();
    async function* everybody() {
      yield person(1);
    }
    const replace = () => world.meta.replace?.(message as never, everybody(), world.desk);
    world.vendor.fault({ status: 400, json: { error: { code: 100, error_subcode: 1713230, error_user_msg: 'Audience is restricted' } } });
    await expect(replace()).rejects.toThrow(GiveUp);
    world.vendor.heal();
    world.vendor.fault('busy');
    await expect(replace()).rejects.toThrow(ComeBackLater);
  });
});

describe('outcomes', () => {
  it('whoever cannot be found costs the neighbours nothing', async () => {
    await using world = await createMeta();
    const nobody = { id: 'x', identifiers: { email: ['no address'] }, traits: {} };
    const outcomes = await world.meta.apply(changes(message, [person(1), nobody, person(2)]), world.desk);
    expect(statusesOf(outcomes)).toEqual(['delivered', 'rejected', 'delivered']);
    expect(world.bodies()[0]).toMatchObject({
      payload: {
        data: [
          [sha256('p1@example.jp'), ''],
          [sha256('p2@example.jp'), ''],
        ],
      },
    });
  });

  it('an entry that Meta names as unreadable is rejected alone', async () => {
    await using world = await createMeta();
    const bad = sha256('p2@example.jp');
    world.vendor.fault({ json: { num_received: 3, num_invalid_entries: 1, invalid_entry_samples: { [`["${bad}",""]`]: 'invalid' } } });
    const outcomes = await world.meta.apply(changes(message, [person(1), person(2), person(3)]), world.desk);
    expect(statusesOf(outcomes)).toEqual(['delivered', 'rejected', 'delivered']);
  });

  it('unreadable entries that are not named are logged', async () => {
    await using world = await createMeta();
    world.vendor.fault({ json: { num_received: 2, num_invalid_entries: 1, invalid_entry_samples: {} } });
    await world.meta.apply(changes(message, [person(1), person(2)]), world.desk);
    expect(world.desk.logged).toMatchObject([{ level: 'warn', details: { received: 2, invalid: 1 } }]);
  });

  it.each([
    [{ code: 190, error_subcode: 463, message: 'Session has expired' }, 400, 'fix-credentials'],
    [{ code: 200, message: 'Permissions error' }, 403, 'fix-credentials'],
    [{ code: 100, error_subcode: 1713230, message: 'Invalid parameter' }, 400, 'rejected'],
    [{ code: 2650, message: 'Failed to update the custom audience' }, 400, 'rejected'],
    [{ code: 1, message: 'An unknown error occurred' }, 500, 'retry'],
    [{ code: 2, message: 'Service temporarily unavailable' }, 400, 'retry'],
    [{ code: 999, message: 'Later', is_transient: true }, 400, 'retry'],
    [{ code: 17, message: 'User request limit reached' }, 400, 'retry'],
    [{ code: 80003, message: 'There have been too many calls' }, 400, 'retry'],
    [{ code: 190, message: 'in a 200' }, 200, 'fix-credentials'],
  ])('%o with %i is %s', async (error, status, expected) => {
    await using world = await createMeta();
    world.vendor.fault({ status, json: { error: { type: 'OAuthException', fbtrace_id: 'T', ...error } } });
    const [outcome] = await world.meta.apply(changes(message, [hanako]), world.desk);
    expect(outcome?.status).toBe(expected);
    expect(outcome).toHaveProperty('reason', expect.stringContaining(String(error.code)));
  });

  it.each([
    ['html', { status: 'retry', reason: expect.stringContaining('200') }],
    ['busy', { status: 'retry', reason: '429 Too Many Requests', afterSeconds: 7 }],
    ['broken', { status: 'retry', reason: '500 Internal Server Error' }],
    ['unauthorised', { status: 'fix-credentials', reason: '401 Unauthorized' }],
  ] as const)('%s', async (fault, expected) => {
    await using world = await createMeta();
    world.vendor.fault(fault);
    expect(await world.meta.apply(changes(message, [hanako]), world.desk)).toEqual([expected]);
  });
});

describe('leaving Meta alone', () => {
  const usage = (minutes: number) =>
    JSON.stringify({ '120': [{ type: 'custom_audience', call_count: 100, estimated_time_to_regain_access: minutes }] });

  it('a refused call is repeated when Meta says, and nobody else calls before', async () => {
    await using world = await createMeta();
    world.vendor.fault({ status: 400, json: { error: { code: 80003 } }, headers: { 'x-business-use-case-usage': usage(12) } });
    const [outcome] = await world.meta.apply(changes(message, [hanako]), world.desk);
    expect(outcome).toMatchObject({ status: 'retry', afterSeconds: 720 });
    world.vendor.heal();
    expect(await world.meta.apply(changes(message, [person(1)]), world.desk)).toEqual([
      { status: 'retry', reason: 'Meta asked to be left alone', afterSeconds: 720 },
    ]);
    expect(world.vendor.requests).toHaveLength(1);
  });

  it('a call that succeeds when little is left is the last one for a minute', async () => {
    await using world = await createMeta();
    let time = now.getTime();
    const desk = createDesk({ hosts: world.plugin.hosts, now: () => new Date(time) });
    world.vendor.fault({ json: {}, headers: { 'x-app-usage': '{"call_count":28,"total_time":97,"total_cputime":3}' } }, { times: 1 });
    expect(statusesOf(await world.meta.apply(changes(message, [hanako]), desk))).toEqual(['delivered']);
    expect(await world.meta.apply(changes(message, [hanako]), desk)).toMatchObject([{ status: 'retry', afterSeconds: 60 }]);
    time += 60_000;
    expect(statusesOf(await world.meta.apply(changes(message, [hanako]), desk))).toEqual(['delivered']);
  });
});

describe('erasure', () => {
  it('goes to every audience that ever held somebody, and a list that is gone does not stop it', async () => {
    await using world = await createMeta();
    for (const audience of ['120', '121', '122']) await world.meta.apply(changes({ audience }, [person(1)]), world.desk);
    world.vendor.fault({ status: 400, json: { error: { code: 100, error_subcode: 33 } } }, { on: 'DELETE /v24.0/121/' });
    await world.meta.onErase?.(hanako, world.desk);
    const removals = world.vendor.requests.filter(({ method }) => method === 'DELETE');
    expect(removals.map(({ path }) => path)).toEqual(['/v24.0/120/users', '/v24.0/121/users', '/v24.0/122/users']);
    expect(removals[0]?.json()).toMatchObject({
      payload: {
        data: [
          [taroHash, phoneHash],
          [sha256('taro@gmail.com'), phoneHash],
        ],
      },
    });
  });

  it('throws while Meta does not do it', async () => {
    await using world = await createMeta();
    await world.meta.apply(changes(message, [hanako]), world.desk);
    world.vendor.fault('broken');
    await expect(world.meta.onErase?.(hanako, world.desk)).rejects.toThrow('500');
  });
});

it('the health check says what Meta says', async () => {
  await using world = await createMeta();
  await expect(world.meta.healthCheck?.(world.desk)).resolves.toBeUndefined();
  world.vendor.fault({ status: 400, json: { error: { code: 190, message: 'Error validating access token' } } });
  await expect(world.meta.healthCheck?.(world.desk)).rejects.toThrow('Error validating access token');
});
