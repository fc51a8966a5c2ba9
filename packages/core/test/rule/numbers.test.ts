import { createTestDomain } from '@enishi/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { amountOf, sqlParameters } from '../../src/rule/compile.ts';
import { milliseconds } from '../../src/rule/duration.ts';
import { largestAmount, measuring, millionths } from '../../src/rule/measure.ts';

it('cuts a number into whole millionths exactly as PostgreSQL does', async () => {
  await using domain = await createTestDomain();
  const { database, workspace } = domain;
  const numbers = fc.oneof(
    fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
    fc.integer({ min: -9_000_000_000, max: 9_000_000_000 }).map((n) => n / 1000),
    fc.double({ min: -1e9, max: 1e9, noNaN: true }),
    fc.double({ min: -1e-5, max: 1e-5, noNaN: true }),
    fc.constantFrom(0.1 + 0.2, 1.005, 4.35, 0.29, 1e-7, -1e-7, 0.0000019999, -0.5, 123456.7890129),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(numbers, { minLength: 50, maxLength: 100 }), async (some) => {
      const rows = await database.query<{ cut: string }>(
        workspace.id,
        `select trunc(value::numeric, 6) * 1000000 as cut from jsonb_array_elements($1::jsonb)`,
        [JSON.stringify(some)],
      );
      expect(some.map((number) => millionths(number) + 0)).toEqual(rows.map(({ cut }) => Number(cut)));
    }),
    { numRuns: 30 },
  );
});

const { amount } = measuring({ event: 'shop.ordered', where: [], of: 'total', remember: 0 });

it('adds up every number that may be an amount, and no other, exactly as PostgreSQL does', async () => {
  await using domain = await createTestDomain();
  const { database, workspace } = domain;
  const numbers = fc.oneof(
    fc.double({ min: -2 * largestAmount, max: 2 * largestAmount, noNaN: true }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(largestAmount, -largestAmount, largestAmount + 0.125, -largestAmount - 0.125, 1e303, -1e303, Number.MAX_VALUE),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(numbers, { minLength: 50, maxLength: 100 }), async (some) => {
      const to = sqlParameters(workspace.id, new Date());
      const text = `select coalesce(${amountOf('total', to)}, 0) * 1000000 as amount
        from jsonb_array_elements(${to.bind(JSON.stringify(some.map((total) => ({ total }))))}::jsonb) e (properties)
        where $1::int is not null and $2::timestamptz is not null`;
      const rows = await database.query<{ amount: string }>(workspace.id, text, to.values);
      expect(some.map((total) => amount({ total }) + 0)).toEqual(rows.map((row) => Number(row.amount)));
    }),
    { numRuns: 30 },
  );
});

it.each([null, undefined, '12', Number.NaN, Number.POSITIVE_INFINITY, true, [1], {}])('adds nothing for %s', (value) => {
  expect(millionths(value)).toBe(0);
});

it.each([
  ['P90D', 90 * 86_400_000],
  ['P2W', 14 * 86_400_000],
  ['PT12H', 12 * 3_600_000],
  ['P1DT6H', 30 * 3_600_000],
  ['PT90M', 90 * 60_000],
  ['PT1H30M5S', 5_405_000],
  ['PT0S', 0],
])('reads %s as %i ms', (duration, length) => {
  expect(milliseconds(duration)).toBe(length);
});
