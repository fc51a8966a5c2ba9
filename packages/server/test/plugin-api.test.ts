import type { Role } from '@enishi/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { club } from './fixture/club.ts';
import { createWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ plugins: [club()({ key: 'the-secret-of-the-club' })], http: { publicUrl: 'https://cdp.example' } });
});
afterAll(() => world[Symbol.asyncDispose]());

const ask = async (role: Role, query: string, variables: Record<string, unknown> = {}) => {
  const answer = await world.http
    .post('/graphql')
    .set('authorization', `Bearer ${await world.key(role)}`)
    .send({ query, variables });
  return answer.body as { data?: Record<string, Record<string, unknown>>; errors?: { extensions: Record<string, unknown> }[] };
};

const start = `mutation ($source: String!, $options: JSON) {
  startBackfill(source: $source, options: $options) {
    __typename
    ... on Backfill { id source options status }
    ... on UnknownSource { code key }
    ... on InvalidOptions { code violations { path } }
  }
}`;
const list = '{ backfills(source: "club.past") { id status pages read accepted duplicate reason } }';
const link = `mutation ($source: String!, $identifiers: [IdentityInput!]!) {
  createAccountLink(source: $source, identifiers: $identifiers) {
    __typename
    ... on AccountLink { url expiresAt }
    ... on Problem { code message }
  }
}`;

describe('backfills over GraphQL', () => {
  it('are started, read to their end and listed', async () => {
    const { data } = await ask('operator', start, { source: 'club.past', options: { of: 'hanako' } });
    expect(data?.startBackfill).toMatchObject({ __typename: 'Backfill', source: 'club.past', options: { of: 'hanako' } });
    const id = data?.startBackfill?.id;
    await expect
      .poll(async () => (await ask('operator', list)).data?.backfills)
      .toEqual([{ id, status: 'DONE', pages: 3, read: 3, accepted: 3, duplicate: 0, reason: null }]);
  });

  it('are not started where source or options are wrong, and the answer says which', async () => {
    expect((await ask('operator', start, { source: 'club.joins' })).data?.startBackfill).toMatchObject({
      code: 'UNKNOWN_SOURCE',
      key: 'club.joins',
    });
    expect((await ask('operator', start, { source: 'club.past', options: { of: 7 } })).data?.startBackfill).toMatchObject({
      code: 'INVALID_OPTIONS',
      violations: [{ path: 'of' }],
    });
  });

  it('are an operator’s, and an unknown one is named', async () => {
    expect((await ask('marketer', list)).errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', scope: 'operate' });
    const cancel = 'mutation { cancelBackfill(id: "x") { ... on Problem { code } } resumeBackfill(id: "x") { ... on Problem { code } } }';
    expect((await ask('operator', cancel)).data).toEqual({
      cancelBackfill: { code: 'BACKFILL_NOT_FOUND' },
      resumeBackfill: { code: 'BACKFILL_NOT_FOUND' },
    });
  });
});

describe('an account link', () => {
  it('is begun by a front end, and its address leads to the vendor', async () => {
    const { data } = await ask('front-end', link, { source: 'club.account', identifiers: [{ namespace: 'member', value: 'M1' }] });
    const { url, expiresAt } = data?.createAccountLink ?? {};
    expect(String(url)).toMatch(/^https:\/\/cdp\.example\/links\/club\/account\/start\?state=main\.[\w-]{43}$/);
    expect(Date.parse(String(expiresAt)) - Date.now()).toBeGreaterThan(9 * 60_000);
    const { pathname, search } = new URL(String(url));
    const away = await world.http.get(pathname + search);
    expect(away.headers.location).toContain('hint=M1');
  });

  it.each([
    ['club.joins', [{ namespace: 'member', value: 'M1' }], 'UNKNOWN_SOURCE'],
    ['club.account', [{ namespace: 'member', value: 'null' }], 'INVALID_IDENTIFIER'],
    ['club.account', [{ namespace: 'nothing.such', value: 'M1' }], 'INVALID_IDENTIFIER'],
    ['club.account', [], 'INVALID_IDENTIFIER'],
  ])('%s for %j: %s', async (source, identifiers, code) => {
    expect((await ask('front-end', link, { source, identifiers })).data?.createAccountLink).toMatchObject({ code });
  });

  it('is for keys that may', async () => {
    const { errors } = await ask('source', link, { source: 'club.account', identifiers: [{ namespace: 'member', value: 'M1' }] });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', scope: 'accounts:connect' });
  });
});

it('calls that were given up are listed and replayed', async () => {
  await world.http.post('/hooks/club/open').send({ id: 'g1', how: 'never' }).expect(202);
  const query = '{ givenUpCalls { id source attempts reason } }';
  expect((await ask('operator', query)).data?.givenUpCalls).toMatchObject([{ source: 'club.open', reason: 'the club is closed' }]);
  expect((await ask('operator', 'mutation { replayCalls(source: "club.open") }')).data).toEqual({ replayCalls: 1 });
  await expect.poll(async () => (await ask('operator', query)).data?.givenUpCalls).toMatchObject([{ attempts: 1 }]);
});
