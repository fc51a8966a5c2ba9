import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Submission, saveSegment } from '@enishi/core';
import type { Rule } from '@enishi/plugin-sdk';
import { createTestEnishi, fakeVendor } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { ads } from '../src/index.ts';
import { sha256 } from '../src/normalise/index.ts';
import { type AdsSettings, googleOn, metaOn } from './world.ts';

const saveProgram = 'mutation ($input: ProgramInput!) { saveProgram(input: $input) { __typename } }';

interface Shop {
  readonly rule?: Rule;
  readonly google?: Partial<NonNullable<AdsSettings['google']>>;
}

/** An Enishi whose gold members are an audience everywhere, and a conversion at Meta when they become one. */
async function createShop({ rule = { trait: 'rank', is: 'gold' }, google = {} }: Shop = {}) {
  await using stack = new AsyncDisposableStack();
  const vendor = stack.use(await fakeVendor());
  const folder = await mkdtemp(join(tmpdir(), 'enishi-ads-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const plugin = ads({
    meta: { ...metaOn(vendor), conversions: { dataset: '555' } },
    google: { ...googleOn(vendor), ...google },
    line: { folder },
  });
  const enishi = stack.use(await createTestEnishi({ plugins: [plugin] }));
  const { line, workspace } = enishi;
  await saveSegment(line, workspace, { key: 'gold', name: 'Gold', rule });
  const program = async (destination: string, trigger: 'ENTERED' | 'BOTH', message: unknown) => {
    const key = destination.replace('.', '-');
    const input = { key, name: key, segment: 'gold', trigger, destination, message };
    expect(await enishi.graphql('marketer', saveProgram, { input })).toEqual({ data: { saveProgram: { __typename: 'Program' } } });
  };
  await program('ads.meta', 'BOTH', { audience: '120' });
  await program('ads.google', 'BOTH', { userList: '778' });
  await program('ads.line', 'BOTH', { list: 'gold' });
  await program('ads.conversions', 'ENTERED', { event: 'Lead', actionSource: 'other' });
  const open = stack.move();
  return {
    tell: async (over: Partial<Submission>): Promise<string | undefined> => {
      const event = { type: 'enishi.identified', identifiers: { email: 'Hanako@Example.jp' }, ...over };
      const [receipt] = await line.accept(workspace, 'api', [event]);
      await enishi.settle();
      return receipt?.status === 'ACCEPTED' ? receipt.eventId : undefined;
    },
    /** The calls about people, in the order of their names. */
    calls: () =>
      vendor.requests
        .map(({ method, path }) => `${method} ${path}`)
        .filter((call) => !call.endsWith('/token'))
        .sort(),
    bodyOf: (call: string) => vendor.requests.find(({ method, path }) => `${method} ${path}` === call)?.json(),
    /** What the files say, oldest first. */
    files: async () => {
      const lists = join(folder, workspace.key, 'gold');
      const names = (await readdir(lists).catch(() => [])).sort();
      return Promise.all(names.map(async (name) => [name.split('-')[1], await readFile(join(lists, name), 'utf8')]));
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

const consent = (state: 'GIVEN' | 'WITHDRAWN') => [{ purpose: 'advertising', channel: 'ads', state }];
const hanako = sha256('hanako@example.jp');

it('whoever agrees is in the audiences; whoever takes it back is out of all of them', async () => {
  await using shop = await createShop();
  await shop.tell({ traits: { rank: 'gold' } });
  expect(shop.calls()).toEqual([]);
  expect(await shop.files()).toEqual([]);

  await shop.tell({ traits: { rank: 'silver' } });
  const event = await shop.tell({ traits: { rank: 'gold' }, consents: consent('GIVEN') });
  const put = ['POST /v1/audienceMembers:ingest', 'POST /v24.0/120/users', 'POST /v24.0/555/events'];
  expect(shop.calls()).toEqual(put);
  expect(shop.bodyOf('POST /v24.0/120/users')).toMatchObject({ payload: { schema: ['EMAIL', 'PHONE'], data: [[hanako, '']] } });
  const member = { userData: { userIdentifiers: [{ emailAddress: hanako }] } };
  expect(shop.bodyOf('POST /v1/audienceMembers:ingest')).toMatchObject({ audienceMembers: [member] });
  expect(shop.bodyOf('POST /v24.0/555/events')).toMatchObject({
    data: [{ event_name: 'Lead', event_id: event, user_data: { em: [hanako] } }],
  });
  expect(await shop.files()).toEqual([['add', `${hanako}\n`]]);

  await shop.tell({ consents: consent('WITHDRAWN') });
  expect(shop.calls()).toEqual([
    'DELETE /v24.0/120/users',
    'POST /v1/audienceMembers:ingest',
    'POST /v1/audienceMembers:remove',
    ...put.slice(1),
  ]);
  expect(shop.bodyOf('DELETE /v24.0/120/users')).toMatchObject({ payload: { data: [[hanako, '']] } });
  expect(shop.bodyOf('POST /v1/audienceMembers:remove')).toMatchObject({ audienceMembers: [member] });
  expect(await shop.files()).toEqual([
    ['add', `${hanako}\n`],
    ['remove', `${hanako}\n`],
  ]);
});

it('whoever denies adUserData later is out of the list of Google, and in again when they allow it, where the segment asks for it', async () => {
  const adUserData = { trait: 'adUserData' };
  const rule = {
    all: [
      { trait: 'rank', is: 'gold' },
      { ...adUserData, is: true },
    ],
  };
  await using shop = await createShop({ rule, google: { consent: { adUserData } } });
  const said = () => shop.calls().flatMap((call) => /audienceMembers:(\w+)$/.exec(call)?.[1] ?? []);
  await shop.tell({ traits: { rank: 'gold', adUserData: false }, consents: consent('GIVEN') });
  expect(said()).toEqual([]);
  await shop.tell({ traits: { adUserData: true } });
  expect(said()).toEqual(['ingest']);
  await shop.tell({ traits: { adUserData: false } });
  expect(said()).toEqual(['ingest', 'remove']);
  await shop.tell({ traits: { adUserData: true } });
  expect(said()).toEqual(['ingest', 'ingest', 'remove']);
});
