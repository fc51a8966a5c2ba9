import { UnusableFile } from '@enishi/plugin-sdk';
import { openTable, type TableOptions } from '@enishi/plugin-sdk/files';
import { describe, expect, it } from 'vitest';
import { all, fileOf } from './input.ts';

const options: TableOptions = { encoding: 'auto', delimiter: ',' };
const read = async (content: string | Uint8Array, chunk?: number, settings = options) => {
  const table = await openTable(fileOf(content, chunk), settings);
  return { heading: table.heading, rows: (await all(table.rows())).flat() };
};
const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));

describe('encodings', () => {
  // 店名 / ①㈱髙～－
  const cp932 = bytes([0x93, 0x58, 0x96, 0xbc], '\r\n', [0x87, 0x40, 0x87, 0x8a, 0xfb, 0xfc, 0x81, 0x60, 0x81, 0x7c], '\r\n');

  it('reads CP932 with the NEC and IBM extensions, and the wave dash and minus as Windows does', async () => {
    const { heading, rows } = await read(cp932);
    expect(heading).toEqual(['店名']);
    expect(rows[0]?.cells).toEqual(['①㈱髙～－']);
  });

  it('reads CP932 cut in the middle of a character', async () => {
    expect((await read(cp932, 1)).rows[0]?.cells).toEqual(['①㈱髙～－']);
  });

  it('does not take the second byte of a CP932 character for a delimiter or a quote', async () => {
    // ソ is 83 5C, ポ is 83 7C: a backslash and a bar.
    const { rows } = await read(bytes('a|b\n', [0x83, 0x5c], '|', [0x83, 0x7c], '\n'), undefined, { encoding: 'cp932', delimiter: '|' });
    expect(rows[0]?.cells).toEqual(['ソ', 'ポ']);
  });

  it.each([1, 3, 65_536])('reads UTF-8 with a BOM, in chunks of %i', async (chunk) => {
    const { heading, rows } = await read('\ufeff店名,値\r\n髙島屋,１\r\n', chunk);
    expect(heading).toEqual(['店名', '値']);
    expect(rows[0]?.cells).toEqual(['髙島屋', '１']);
  });

  it('keeps a UTF-8 file UTF-8 though some of its lines are damaged, and reports just those', async () => {
    const damaged = Buffer.concat([Buffer.from('店\n良い\n'), Buffer.from([0xe8, 0x89, 0x0a]), Buffer.from('良い\n')]);
    const { rows } = await read(damaged);
    expect(rows.map(({ problem, lines }) => [lines[0], problem])).toEqual([
      [2, undefined],
      [3, 'not valid UTF-8 text'],
      [4, undefined],
    ]);
  });

  it('says that UTF-16 cannot be read', async () => {
    await expect(read(Buffer.from('\ufeffa,b\n', 'utf16le'))).rejects.toThrow(UnusableFile);
  });

  it('does not take a file without line ends into memory', async () => {
    const { rows } = await read(`a\n${'x'.repeat(3 * 1024 * 1024)}\nok\n`);
    expect(rows.map(({ problem, raw }) => [problem, raw.length < 2000])).toEqual([
      ['a line longer than 1 MiB', true],
      [undefined, true],
    ]);
  });
});

describe('broken lines', () => {
  it('a quote left open costs one line', async () => {
    const { rows } = await read('n,name\n1,"open\n2,good\n3,"fine, too"\n4,"two\nlines"\n');
    expect(rows.map(({ lines, problem, cells }) => [lines, problem ?? cells[1]])).toEqual([
      [[2], 'a quoted field that does not close'],
      [[3], 'good'],
      [[4], 'fine, too'],
      [[5, 6], 'two\nlines'],
    ]);
  });

  it('a quote left open on the last line costs one line', async () => {
    const { rows } = await read('n,name\n1,good\n2,"open');
    expect(rows.map(({ problem }) => problem)).toEqual([undefined, 'a quoted field that does not close']);
  });

  it('a quote inside an unquoted field is an ordinary character', async () => {
    const { rows } = await read('n,name\n1,5" pipe\n');
    expect(rows[0]?.cells).toEqual(['1', '5" pipe']);
  });

  it('a line with other than the usual number of fields is reported with what it has', async () => {
    const { rows } = await read('a,b,c\n1,2\n1,2,3,,\n1,2,3,4\n');
    expect(rows.map(({ problem }) => problem)).toEqual(['2 fields where the heading has 3', undefined, '4 fields where the heading has 3']);
    expect(rows[0]?.cells).toEqual(['1', '2']);
  });

  it('empty lines are passed over and do not shift the numbers', async () => {
    const { rows } = await read('\n\na\n\n1\n\n2\n');
    expect(rows.map(({ lines, cells }) => [lines[0], cells[0]])).toEqual([
      [5, '1'],
      [7, '2'],
    ]);
  });

  it('an empty file is said to be empty', async () => {
    await expect(read('')).rejects.toThrow('it is empty');
  });
});
