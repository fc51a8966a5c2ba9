import { UnusableFile } from '@enishi/plugin-sdk';
import { groups, openTable } from '@enishi/plugin-sdk/files';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { all, fileOf } from './input.ts';

const groupsIn = async (lines: readonly string[], chunk?: number) => {
  const table = await openTable(fileOf(['order,item', ...lines].join('\n'), chunk), { encoding: 'auto', delimiter: ',' });
  return all(groups(table, (row) => row.cells[0] || undefined));
};

it('gathers scattered lines: every group once, whole, in the order of its last line', async () => {
  const lines = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 99 })), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(lines, fc.integer({ min: 1, max: 30 }), async (pairs, chunk) => {
      const found = await groupsIn(
        pairs.map(([order, item]) => `${order},${item}`),
        chunk,
      );
      const last = new Map(pairs.map(([order], index) => [String(order), index]));
      const expected = [...last].sort(([, a], [, b]) => a - b).map(([order]) => order);
      expect(found.map(({ key }) => key)).toEqual(expected);
      for (const { key, rows } of found)
        expect(rows.map(({ cells }) => Number(cells[1]))).toEqual(pairs.filter(([order]) => String(order) === key).map(([, item]) => item));
    }),
  );
});

it('a line that cannot be read goes with the order it names, or with the one it stands in', async () => {
  const found = await groupsIn(['1,a', ',x', '1,b', ',y', '2,c', '3,d,e', '3,f']);
  expect(found.map(({ key, rows }) => [key, rows.map(({ raw }) => raw)])).toEqual([
    ['1', ['1,a', ',x', '1,b']],
    [undefined, [',y']],
    ['2', ['2,c']],
    ['3', ['3,d,e', '3,f']],
  ]);
});

it('refuses to gather a file by a column that is no number of orders', async () => {
  await expect(groupsIn(Array.from({ length: 10_001 }, (_, index) => `same,${index}`))).rejects.toThrow(UnusableFile);
});

it('does not hold a file that is broken throughout', async () => {
  const found = await groupsIn(Array.from({ length: 1000 }, () => ',x'));
  expect(found).toHaveLength(1000);
});
