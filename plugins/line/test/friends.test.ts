import { line } from '@enishi/plugin-line';
import { createTestEnishi } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { fakeLine, userNumber } from './line.ts';
import { deskFor, partsOf } from './parts.ts';

describe('the friends from before', () => {
  it('are read page by page, each with what following gives', async () => {
    await using fake = await fakeLine({ follow: { purposes: ['marketing'], notice: 'terms-3' } });
    const source = partsOf(fake.settings).sources?.friends;
    if (source?.kind !== 'backfill') return expect.fail('no backfill');
    const options = source.options.parse({}) as never;
    const first = await source.read(options, undefined as never, deskFor(fake));
    const second = await source.read(options, first.cursor as never, deskFor(fake));
    expect([first.more, second.more]).toEqual([true, false]);
    const drafts = [...first.drafts, ...second.drafts];
    expect(drafts.map(({ identifiers }) => identifiers['line.user'])).toEqual([1, 1, 2, 2, 3, 3].map(userNumber));
    expect(drafts[0]).toMatchObject({ id: `friend/${userNumber(1)}`, traits: [{ trait: 'line.friend', value: true }] });
    expect(drafts[0]?.consents).toBeUndefined();
    expect(drafts[1]?.consents?.map(({ purpose, state, evidence }) => [purpose, state, evidence?.notice])).toEqual([
      ['service', 'GIVEN', 'terms-3'],
      ['marketing', 'GIVEN', 'terms-3'],
    ]);
  });

  it('permit nothing where being a friend shall not', async () => {
    await using fake = await fakeLine();
    const source = partsOf(fake.settings).sources?.friends;
    if (source?.kind !== 'backfill') return expect.fail('no backfill');
    const { drafts } = await source.read(source.options.parse({ consent: false }) as never, undefined as never, deskFor(fake));
    expect(drafts.map(({ type, consents }) => [type, consents])).toEqual(drafts.map(() => ['line.friend_listed', undefined]));
    expect(drafts).toHaveLength(2);
  });

  it('permit nothing that they have withdrawn since, and are asked for what they have not decided', async () => {
    await using fake = await fakeLine({ follow: { purposes: ['marketing'] } });
    await using enishi = await createTestEnishi({
      plugins: [line(fake.settings)],
      config: { secretKey: 'a-key-for-tests-that-has-32-characters' },
    });
    const withdrawn = {
      type: 'enishi.identified',
      at: new Date('2024-02-01T00:00:00Z').toISOString(),
      identifiers: { 'line.user': userNumber(1) },
      consents: [{ purpose: 'marketing', channel: 'line', state: 'WITHDRAWN' as const }],
    };
    expect(await enishi.line.accept(enishi.workspace, 'api', [withdrawn])).toMatchObject([{ status: 'ACCEPTED' }]);
    const start = 'mutation { startBackfill(source: "line.friends", options: {}) { __typename } }';
    expect(await enishi.graphql('operator', start)).toEqual({ data: { startBackfill: { __typename: 'Backfill' } } });
    await enishi.settle();
    const marketing = async (n: number) => {
      const look = `query ($line: String!) {
        customerBy(identity: { namespace: "line.user", value: $line }) { consents { purpose channel state } }
      }`;
      const { data } = await enishi.graphql<{ customerBy: Shown }>('front-end', look, { line: userNumber(n) });
      return data?.customerBy.consents.find(({ purpose }) => purpose === 'marketing')?.state;
    };
    expect([await marketing(1), await marketing(2)]).toEqual(['WITHDRAWN', 'GIVEN']);
  });
});

interface Shown {
  readonly consents: readonly { readonly purpose: string; readonly state: string }[];
}
