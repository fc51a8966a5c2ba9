import { ComputedTraitError, computedTrait, event } from '@enishi/plugin-sdk';
import { expect, it } from 'vitest';
import { z } from 'zod';

const paid = event('place.paid', z.object({ total: z.number() }), { description: 'Paid a bill.' });
const described = { description: 'Spent here.' };

it('is data, with the type of its value', () => {
  const where = [{ property: 'total', moreThan: 0 }];
  const spent = computedTrait('place.spent', { event: paid, within: 'P90D', where, sum: 'total' }, described);
  expect(spent).toMatchObject({ traitName: 'place.spent', computation: { event: 'place.paid', within: 'P90D', where, sum: 'total' } });
  expect(spent.schema.safeParse(1.5).success).toBe(true);
  const last = computedTrait('place.lastPaidAt', { event: paid, last: true }, described);
  expect(last.schema.safeParse('2026-06-01T00:00:00.000Z').success).toBe(true);
});

it.each([
  ['a window of no fixed length', { within: 'P3M', count: true }, 'write a duration such as P90D, P2W or PT12H'],
  ['no measure', {}, 'give exactly one of count, sum, first, last'],
  ['two measures', { count: true, sum: 'total' }, 'give exactly one of count, sum, first, last'],
  ['a moment in a window', { within: 'P90D', last: true }, 'first and last look at all time'],
  ['a filter that compares nothing', { count: true, where: [{ property: 'total' }] }, 'give exactly one of is, isNot'],
])('with %s is refused where it is declared, by name', (_, measure, fault) => {
  // What a plugin without types may write.
  const declare = () => computedTrait('place.spent', { event: paid, ...measure } as never, described);
  expect(declare).toThrow(ComputedTraitError);
  expect(declare).toThrow(/"place.spent"/);
  expect(declare).toThrow(fault);
});
