import fc from 'fast-check';
import { expect, it } from 'vitest';
import { added, count, countsOf, emptyTally, ranked } from '../src/checkin/tally.ts';
import { checkin } from './setup.ts';

const visits = fc.array(fc.nat(60), { maxLength: 80 }).map((all) =>
  // A check-in has one place, however often it is sent.
  all.map((number) => checkin(number, { id: 'abc'[number % 3] ?? 'a', name: 'K' })),
);
const totals = (counts: Parameters<typeof ranked>[0]) => Object.fromEntries(ranked(counts).map(({ id, count: times }) => [id, times]));

it('counting is the same in any order and however often a check-in is sent', () => {
  fc.assert(
    fc.property(visits, visits, (once, again) => {
      const sent = [...once, ...again, ...once];
      const distinct = [...new Map(sent.map((each) => [each.id, each])).values()];
      const counted = sent.reduce(count, emptyTally);
      expect(totals(counted.counts)).toEqual(totals(countsOf(distinct)));
      expect(totals([...sent].reverse().reduce(count, emptyTally).counts)).toEqual(totals(counted.counts));
    }),
  );
});

it('a history read in pages counts as one read at once', () => {
  fc.assert(
    fc.property(visits, fc.nat(80), (all, cut) => {
      const paged = added(added({}, countsOf(all.slice(0, cut))), countsOf(all.slice(cut)));
      expect(totals(paged)).toEqual(totals(countsOf(all)));
    }),
  );
});
