import { hasCheckDigit, productCode } from '@enishi/plugin-pos';
import fc from 'fast-check';
import { expect, it } from 'vitest';

it.each([
  ['4901234567894', { product_id: '4901234567894', jan: '4901234567894' }],
  ['4902776012347', { product_id: '4902776012347', jan: '4902776012347' }],
  ['４９０１２３４５６７８９４', { product_id: '4901234567894', jan: '4901234567894' }],
  ['4-901234-567894', { product_id: '4901234567894', jan: '4901234567894' }],
  ['49123456', { product_id: '49123456', jan: '49123456' }],
  // UPC-A of 12 digits, and the same after a spreadsheet took its leading zero.
  ['036000291452', { product_id: '0036000291452', jan: '0036000291452' }],
  ['36000291452', { product_id: '0036000291452', jan: '0036000291452' }],
  // In-store codes with a price or weight in them mean another product in every store.
  ['2012345000003', { product_id: '2012345000003', in_store: true }],
  ['0212345000003', { product_id: '0212345000003', in_store: true }],
  ['0412345678909', { product_id: '0412345678909', in_store: true }],
  ['2912345000001', { product_id: '2912345000001', in_store: true }],
  // The same of UPC-A: number systems 2 and 4. Twelve digits that are no bar code are a number of the chain's own.
  ['212345000007', { product_id: '0212345000007', in_store: true }],
  ['412345678903', { product_id: '0412345678903', in_store: true }],
  ['412345678901', { product_id: '412345678901' }],
  // A book's two rows: the ISBN, and its price.
  ['9784101010014', { product_id: '9784101010014', jan: '9784101010014' }],
  ['1920193004304', { product_id: '1920193004304' }],
  // Not JAN codes: a wrong check digit, a code of the store's own.
  ['4901234567890', { product_id: '4901234567890' }],
  ['940996', { product_id: '940996' }],
  ['A-17', { product_id: 'A-17' }],
])('%s', (text, code) => {
  expect(productCode(text)).toEqual(code);
});

it('a code of the store’s own is another product in another chain', () => {
  expect(productCode('2012345000003', 'a')).toEqual({ product_id: 'a:2012345000003', in_store: true });
  expect(productCode('4901234567894', 'a')).toEqual({ product_id: '4901234567894', jan: '4901234567894' });
});

it('an empty cell is no code', () => {
  expect(productCode('  ')).toBeUndefined();
});

it('a single wrong digit is always noticed', () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(digits, fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 9 }), (head, place, shift) => {
      const body = head.join('');
      const check = [...Array(10).keys()].filter((digit) => hasCheckDigit(body + digit));
      expect(check).toHaveLength(1);
      const code = [...head, check[0] ?? 0];
      const wrong = code.map((digit, index) => (index === place ? (digit + shift) % 10 : digit)).join('');
      expect(hasCheckDigit(wrong)).toBe(false);
    }),
  );
});
