import { openTable } from '@enishi/plugin-sdk/files';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { all, fileOf } from './input.ts';

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const cell = fc.string({ unit: fc.constantFrom('a', '髙', ',', '"', '\n', ' ', '1') });
const records = fc
  .integer({ min: 1, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }));

it('reads what csv-parse reads, whatever is in the cells and wherever the chunks are cut', async () => {
  await fc.assert(
    fc.asyncProperty(records, fc.integer({ min: 1, max: 40 }), async (rows, chunk) => {
      const text = rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
      const columns = (rows[0] ?? []).map((_, index) => `c${index}`);
      const table = await openTable(fileOf(text, chunk), { encoding: 'auto', delimiter: ',', columns });
      const found = (await all(table.rows())).flat();
      expect(found.map((row) => row.cells)).toEqual(parse(text));
    }),
  );
});
