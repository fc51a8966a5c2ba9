import { describe, expect, it } from 'vitest';
import { fakeLine, userNumber } from './line.ts';
import { deskFor, partsOf } from './parts.ts';

describe('the friends from before', () => {
  it('are read page by page, each with what following gives', async () => {
    await using line = await fakeLine({ follow: { purposes: ['marketing'], notice: 'terms-3' } });
    const source = partsOf(line.settings).sources?.friends;
    if (source?.kind !== 'backfill') return expect.fail('no backfill');
    const options = source.options.parse({}) as never;
    const first = await source.read(options, undefined as never, deskFor(line));
    const second = await source.read(options, first.cursor as never, deskFor(line));
    expect([first.more, second.more]).toEqual([true, false]);
    const drafts = [...first.drafts, ...second.drafts];
    expect(drafts.map(({ identifiers }) => identifiers['line.user'])).toEqual([1, 2, 3].map(userNumber));
    expect(drafts[0]).toMatchObject({ id: `friend/${userNumber(1)}`, traits: [{ trait: 'line.friend', value: true }] });
    expect(drafts[0]?.consents?.map(({ purpose, state, evidence }) => [purpose, state, evidence?.notice])).toEqual([
      ['service', 'GIVEN', 'terms-3'],
      ['marketing', 'GIVEN', 'terms-3'],
    ]);
  });

  it('permit nothing where being a friend shall not', async () => {
    await using line = await fakeLine();
    const source = partsOf(line.settings).sources?.friends;
    if (source?.kind !== 'backfill') return expect.fail('no backfill');
    const { drafts } = await source.read(source.options.parse({ consent: false }) as never, undefined as never, deskFor(line));
    expect(drafts.map(({ consents }) => consents)).toEqual([[], []]);
  });
});
