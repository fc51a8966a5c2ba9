import { type Submission, saveSegment } from '@enishi/core';
import { createTestEnishi, fakeVendor } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { ads } from '../src/index.ts';
import { sha256 } from '../src/normalise/index.ts';
import { metaOn } from './world.ts';

const saveProgram = 'mutation ($input: ProgramInput!) { saveProgram(input: $input) { __typename } }';

/** An Enishi whose gold members are an audience at Meta, and a conversion when they become one. */
async function createShop() {
  await using stack = new AsyncDisposableStack();
  const vendor = stack.use(await fakeVendor());
  const plugin = ads({ meta: { ...metaOn(vendor), conversions: { dataset: '555' } } });
  const enishi = stack.use(await createTestEnishi({ plugins: [plugin] }));
  const { line, workspace } = enishi;
  await saveSegment(line, workspace, { key: 'gold', name: 'Gold', rule: { trait: 'rank', is: 'gold' } });
  const program = async (key: string, destination: string, message: unknown) => {
    const input = { key, name: key, segment: 'gold', trigger: destination === 'ads.meta' ? 'BOTH' : 'ENTERED', destination, message };
    expect(await enishi.graphql('marketer', saveProgram, { input })).toEqual({ data: { saveProgram: { __typename: 'Program' } } });
  };
  await program('gold-audience', 'ads.meta', { audience: '120' });
  await program('gold-conversion', 'ads.conversions', { event: 'Lead', actionSource: 'other' });
  const open = stack.move();
  return {
    tell: async (over: Partial<Submission>) => {
      const event = { type: 'enishi.identified', identifiers: { email: 'Hanako@Example.jp' }, ...over };
      expect(await line.accept(workspace, 'api', [event])).toMatchObject([{ status: 'ACCEPTED' }]);
      await enishi.settle();
    },
    calls: () => vendor.requests.map(({ method, path }) => `${method} ${path}`).sort(),
    bodyOf: (call: string) => vendor.requests.find(({ method, path }) => `${method} ${path}` === call)?.json(),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

const consent = (state: 'GIVEN' | 'WITHDRAWN') => [{ purpose: 'advertising', channel: 'ads', state }];

it('whoever agrees is in the audience; whoever takes it back is out of it', async () => {
  await using shop = await createShop();
  await shop.tell({ traits: { rank: 'gold' } });
  expect(shop.calls()).toEqual([]);
  await shop.tell({ traits: { rank: 'silver' } });
  await shop.tell({ traits: { rank: 'gold' }, consents: consent('GIVEN') });
  expect(shop.calls()).toEqual(['POST /v24.0/120/users', 'POST /v24.0/555/events']);
  const row = [sha256('hanako@example.jp'), ''];
  expect(shop.bodyOf('POST /v24.0/120/users')).toMatchObject({ payload: { schema: ['EMAIL', 'PHONE'], data: [row] } });
  expect(shop.bodyOf('POST /v24.0/555/events')).toMatchObject({
    data: [{ event_name: 'Lead', event_id: expect.stringMatching(/^[0-9a-f-]{36}$/), user_data: { em: [row[0]] } }],
  });

  await shop.tell({ consents: consent('WITHDRAWN') });
  expect(shop.calls()).toEqual(['DELETE /v24.0/120/users', 'POST /v24.0/120/users', 'POST /v24.0/555/events']);
  expect(shop.bodyOf('DELETE /v24.0/120/users')).toMatchObject({ payload: { data: [row] } });
});
