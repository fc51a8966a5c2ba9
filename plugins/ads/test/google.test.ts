import { createVerify } from 'node:crypto';
import { createDesk } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../src/normalise/index.ts';
import { changes, createGoogle, hanako, now, person, publicKey, statusesOf } from './world.ts';

const message = { userList: '7788990011' };
const emailOf = (n: number) => sha256(`p${n}@example.jp`);

describe('a call', () => {
  it('puts hashed members into a list', async () => {
    await using world = await createGoogle();
    expect(await world.google.apply(changes(message, [hanako]), world.desk)).toEqual([{ status: 'delivered', reference: 'request-1' }]);
    expect(world.calls()[0]?.headers.authorization).toBe('Bearer ya29.of-the-tests');
    expect(world.bodies()[0]).toEqual({
      destinations: [
        {
          operatingAccount: { accountType: 'GOOGLE_ADS', accountId: '1234567890' },
          loginAccount: { accountType: 'GOOGLE_ADS', accountId: '9876543210' },
          productDestinationId: '7788990011',
        },
      ],
      encoding: 'HEX',
      validateOnly: false,
      termsOfService: { customerMatchTermsOfServiceStatus: 'ACCEPTED' },
      consent: { adUserData: 'CONSENT_GRANTED', adPersonalization: 'CONSENT_GRANTED' },
      audienceMembers: [
        {
          userData: {
            userIdentifiers: [
              { emailAddress: 'b6ebd83922edfa96b0ff9166a958badcc230dd68d2315ddfea22f20eaf05994a' },
              { emailAddress: sha256('taro@gmail.com') },
              { phoneNumber: sha256('+819012345678') },
            ],
          },
        },
      ],
    });
  });

  it('tells name and postal code, country and code readable, where all four are known', async () => {
    await using world = await createGoogle({ fields: ['email', 'givenName', 'familyName', 'country', 'postalCode'] });
    const nameless = { ...person(2), traits: { firstName: 'Mary' } };
    await world.google.apply(changes(message, [{ ...hanako, identifiers: { email: ['p1@example.jp'] } }, nameless]), world.desk);
    expect(world.bodies()[0]?.audienceMembers?.map(({ userData }) => userData.userIdentifiers)).toEqual([
      [
        { emailAddress: emailOf(1) },
        { address: { givenName: sha256('mary'), familyName: sha256('ヤマダ'), regionCode: 'JP', postalCode: '150-0002' } },
      ],
      [{ emailAddress: emailOf(2) }],
    ]);
  });

  it('takes out by the same hashes, without consent or terms', async () => {
    await using world = await createGoogle();
    await world.google.apply(changes(message, [hanako]), world.desk);
    await world.google.apply(changes(message, [hanako], 'REMOVE'), world.desk);
    expect(world.operations()).toEqual(['ingest', 'remove']);
    const [put, taken] = world.bodies();
    expect(taken?.audienceMembers).toEqual(put?.audienceMembers);
    expect(Object.keys(taken ?? {}).sort()).toEqual(['audienceMembers', 'destinations', 'encoding', 'validateOnly']);
  });

  it('only checks where that is set', async () => {
    await using world = await createGoogle({ validateOnly: true });
    await world.google.apply(changes(message, [hanako]), world.desk);
    expect(world.bodies()[0]?.validateOnly).toBe(true);
  });

  it('splits whoever has more than ten identifiers, and what is more than one call takes', async () => {
    await using world = await createGoogle();
    const many = { ...person(0), identifiers: { email: Array.from({ length: 12 }, (_, n) => `many${n}@example.jp`) } };
    const people = [many, ...Array.from({ length: 9_999 }, (_, n) => person(n))];
    const outcomes = await world.google.apply(changes(message, people), world.desk);
    expect(new Set(statusesOf(outcomes))).toEqual(new Set(['delivered']));
    expect(world.bodies().map(({ audienceMembers }) => audienceMembers?.length)).toEqual([10_000, 1]);
    expect(
      world
        .bodies()[0]
        ?.audienceMembers?.slice(0, 2)
        .map(({ userData }) => userData.userIdentifiers.length),
    ).toEqual([10, 2]);
  });
});

describe('consent by person', () => {
  const consent = { adUserData: { trait: 'data' }, adPersonalization: { trait: 'personal' } };

  it('goes along with each member; who denies or has not said is not sent and is taken out', async () => {
    await using world = await createGoogle({ consent });
    const traits = [{ data: true, personal: 'GRANTED' }, { data: 'granted', personal: false }, { data: false, personal: true }, {}];
    const people = traits.map((each, n) => ({ ...person(n), traits: each }));
    const outcomes = await world.google.apply(changes(message, people), world.desk);
    expect(statusesOf(outcomes)).toEqual(['delivered', 'delivered', 'rejected', 'rejected']);
    expect(outcomes[2]).toMatchObject({ reason: expect.stringContaining('no consent to adUserData') });
    await expect(world.google.healthCheck?.(world.desk)).rejects.toThrow('put the trait "data" into the rule of the segment "');
    const [put, taken] = world.bodies();
    expect(world.operations()).toEqual(['ingest', 'remove']);
    expect(put).not.toHaveProperty('consent');
    expect(put?.audienceMembers).toEqual([
      {
        userData: { userIdentifiers: [{ emailAddress: emailOf(0) }] },
        consent: { adUserData: 'CONSENT_GRANTED', adPersonalization: 'CONSENT_GRANTED' },
      },
      {
        userData: { userIdentifiers: [{ emailAddress: emailOf(1) }] },
        consent: { adUserData: 'CONSENT_GRANTED', adPersonalization: 'CONSENT_DENIED' },
      },
    ]);
    expect(taken?.audienceMembers?.map(({ userData }) => userData.userIdentifiers)).toEqual([
      [{ emailAddress: emailOf(2) }],
      [{ emailAddress: emailOf(3) }],
    ]);
  });

  it('says nothing of the segment where everybody it lets in allows it', async () => {
    await using world = await createGoogle({ consent });
    await world.google.apply(changes(message, [{ ...person(1), traits: { data: true } }]), world.desk);
    await world.google.apply(changes(message, [{ ...person(1), traits: { data: false } }], 'REMOVE'), world.desk);
    await expect(world.google.healthCheck?.(world.desk)).resolves.toBeUndefined();
  });

  it('a denial that Google cannot book yet is asked again', async () => {
    await using world = await createGoogle({ consent });
    world.vendor.fault('broken', { on: 'POST /v1/audienceMembers:remove' });
    expect(statusesOf(await world.google.apply(changes(message, [person(1)]), world.desk))).toEqual(['retry']);
  });
});

describe('the service account', () => {
  it('signs for its token, and keeps it until shortly before it ends', async () => {
    await using world = await createGoogle();
    let time = now.getTime();
    const desk = createDesk({ hosts: world.plugin.hosts, now: () => new Date(time) });
    const tokens = () => world.vendor.requests.filter(({ path }) => path === '/token');
    await world.google.apply(changes(message, [person(1)]), desk);
    await world.google.apply(changes(message, [person(2)]), desk);
    expect(tokens()).toHaveLength(1);
    const form = new URLSearchParams(tokens()[0]?.text);
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
    expect(createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, signature, 'base64url')).toBe(true);
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'RS256', typ: 'JWT' });
    const issued = Math.floor(now.getTime() / 1000);
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toEqual({
      iss: 'enishi@project.iam.gserviceaccount.com',
      scope: 'https://www.googleapis.com/auth/datamanager',
      aud: `${world.vendor.url}/token`,
      iat: issued,
      exp: issued + 3600,
    });
    time += 3_400_000;
    await world.google.apply(changes(message, [person(3)]), desk);
    expect(tokens()).toHaveLength(2);
  });

  it('a token that Google no longer takes is replaced once', async () => {
    await using world = await createGoogle();
    world.vendor.fault('unauthorised', { times: 1, on: 'POST /v1/' });
    expect(statusesOf(await world.google.apply(changes(message, [person(1)]), world.desk))).toEqual(['delivered']);
    world.vendor.fault('unauthorised', { on: 'POST /v1/' });
    expect(statusesOf(await world.google.apply(changes(message, [person(1)]), world.desk))).toEqual(['fix-credentials']);
  });

  it('a refused key stops the destination', async () => {
    await using world = await createGoogle();
    const refusal = { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' };
    world.vendor.fault({ status: 400, json: refusal }, { on: 'POST /token' });
    const [outcome] = await world.google.apply(changes(message, [person(1)]), world.desk);
    expect(outcome).toEqual({ status: 'fix-credentials', reason: 'Google gives no token: invalid_grant Invalid JWT Signature.' });
  });
});

const status = (name: string, details: unknown[] = [], code = 400) => ({
  status: code,
  json: { error: { code, status: name, message: 'no', details } },
});

describe('outcomes', () => {
  it.each([
    [status('RESOURCE_EXHAUSTED', [{ retryDelay: '29.5s' }], 429), { status: 'retry', afterSeconds: 30 }],
    [status('UNAVAILABLE', [], 503), { status: 'retry' }],
    [status('INTERNAL', [], 500), { status: 'retry' }],
    [status('PERMISSION_DENIED', [], 403), { status: 'fix-credentials' }],
    [status('FAILED_PRECONDITION', [{ reason: 'TERMS_AND_CONDITIONS_NOT_SIGNED' }]), { status: 'fix-credentials' }],
    [
      status('INVALID_ARGUMENT', [{ reason: 'INVALID_USER_LIST_ID' }]),
      { status: 'rejected', reason: 'Google INVALID_ARGUMENT INVALID_USER_LIST_ID no' },
    ],
    ['html' as const, { status: 'retry' }],
    ['busy' as const, { status: 'retry', afterSeconds: 7 }],
  ])('%o', async (fault, expected) => {
    await using world = await createGoogle();
    world.vendor.fault(fault, { on: 'POST /v1/' });
    expect(await world.google.apply(changes(message, [person(1)]), world.desk)).toMatchObject([expected]);
  });

  it('a member that Google cannot read costs the others nothing', async () => {
    await using world = await createGoogle();
    const fieldViolations = [
      { field: 'audience_members[1].user_data.user_identifiers[0]', reason: 'INVALID_HEX_ENCODING', description: 'not hex' },
    ];
    world.vendor.fault(status('INVALID_ARGUMENT', [{ fieldViolations }]), { times: 1, on: 'POST /v1/' });
    const outcomes = await world.google.apply(changes(message, [person(0), person(1), person(2)]), world.desk);
    expect(outcomes).toEqual([
      { status: 'delivered', reference: 'request-2' },
      { status: 'rejected', reason: 'INVALID_HEX_ENCODING: not hex' },
      { status: 'delivered', reference: 'request-2' },
    ]);
    expect(world.bodies()[1]?.audienceMembers).toHaveLength(2);
  });

  it('whoever cannot be found costs the neighbours nothing', async () => {
    await using world = await createGoogle();
    const nobody = { id: 'x', identifiers: { email: ['no address'] }, traits: {} };
    expect(statusesOf(await world.google.apply(changes(message, [nobody, person(1)]), world.desk))).toEqual(['rejected', 'delivered']);
  });
});

it('whoever is erased goes from every list', async () => {
  await using world = await createGoogle();
  for (const userList of ['1', '2']) await world.google.apply(changes({ userList }, [person(1)]), world.desk);
  await world.google.onErase?.(person(1), world.desk);
  const removals = world.bodies().filter((_, n) => world.operations()[n] === 'remove');
  expect(removals).toMatchObject([
    { destinations: [{ productDestinationId: '1' }], audienceMembers: [{ userData: { userIdentifiers: [{ emailAddress: emailOf(1) }] } }] },
    { destinations: [{ productDestinationId: '2' }] },
  ]);
});

it('a list that is gone or fails does not keep an erasure from the others', async () => {
  await using world = await createGoogle();
  for (const userList of ['1', '2', '3']) await world.google.apply(changes({ userList }, [person(1)]), world.desk);
  world.vendor.fault(status('INVALID_ARGUMENT', [{ reason: 'INVALID_USER_LIST_ID' }]), { times: 1, on: 'POST /v1/audienceMembers:remove' });
  await expect(world.google.onErase?.(person(1), world.desk)).resolves.toBeUndefined();
  world.vendor.fault('broken', { times: 1, on: 'POST /v1/audienceMembers:remove' });
  await expect(world.google.onErase?.(person(1), world.desk)).rejects.toThrow('500');
  expect(world.operations().filter((operation) => operation === 'remove')).toHaveLength(6);
});
