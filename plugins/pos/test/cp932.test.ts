import { describe, expect, it } from 'vitest';
import { draftsIn, read } from './reading.ts';

const head = Buffer.from('store_id,receipt_number,at,quantity,price,product_name\n');

/** One receipt whose product name is these bytes. */
async function nameOf(...bytes: number[]): Promise<string | undefined> {
  const row = Buffer.concat([Buffer.from('1,9,2026-11-20 10:00,1,100,'), Buffer.from(bytes), Buffer.from('\r\n')]);
  const [draft] = draftsIn(await read('receipts', Buffer.concat([head, row])));
  return (draft?.properties as { products: { name: string }[] } | undefined)?.products[0]?.name;
}

describe('CP932 as Windows writes it', () => {
  it.each([
    ['a wave dash', [0x81, 0x60, 0x82, 0xa0], '～あ'],
    ['a minus', [0x81, 0x7c, 0x82, 0xa0], '－あ'],
    ['a second byte that is a backslash', [0x95, 0x5c, 0x83, 0x5c, 0x94, 0x5c], '表ソ能'],
    ['a second byte that is a stroke', [0x83, 0x7c, 0x82, 0xa0], 'ポあ'],
    ['half-width kana, kept as printed', [0xb1, 0xb2, 0xb3, 0xde], 'ｱｲｳﾞ'],
    ['the NEC row', [0x87, 0x40, 0x87, 0x8a], '①㈱'],
    ['NEC’s choice of IBM’s', [0xed, 0x40, 0xee, 0xe0], '纊髙'],
    ['IBM’s own', [0xfb, 0xfc, 0xfa, 0xb1], '髙﨑'],
  ])('%s', async (_, bytes, text) => {
    expect(await nameOf(...bytes)).toBe(text);
  });

  it('a backslash by itself is one, before a comma too', async () => {
    expect(await nameOf(0x5c, 0x82, 0xa0)).toBe('\\あ');
  });

  it('half a character withholds its receipt', async () => {
    expect(await nameOf(0x82, 0xa0, 0x82, 0xa2, 0x81)).toBeUndefined();
  });
});
