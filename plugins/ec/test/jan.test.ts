import { hasCheckDigit, productCode } from '@enishi/plugin-pos';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { order, receive } from './shops/shopify.ts';

/** What an order makes of a stock-keeping number. */
async function janOf(sku: string): Promise<string | undefined> {
  const [placed] = await receive('orders/create', { ...order, customer: null, line_items: [{ ...order.line_items[0], sku }] });
  return (placed?.properties as { products: { jan?: string }[] } | undefined)?.products[0]?.jan;
}

it.each([
  ['4901234567894', '4901234567894'],
  ['４９０１２３４５６７８９４', '4901234567894'],
  ['49123456', '49123456'],
  // UPC-A is the same product as its GTIN-13.
  ['036000291452', '0036000291452'],
])('%s is a product anybody may sell', async (sku, jan) => {
  expect(await janOf(sku)).toBe(jan);
});

it.each([
  ['a wrong check digit', '4901234567890'],
  ['a code of the store’s own', '2012345000003'],
  ['another', '0412345678909'],
  ['a shop’s own eight digits, right by chance', '12345670'],
  ['a number that is shorter', '36000291452'],
  ['a name', 'TEA-100'],
])('%s joins nothing', async (_, sku) => {
  expect(await janOf(sku)).toBeUndefined();
});

it('shop and till agree on every thirteen digits', async () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 12 }).map((all) => all.join(''));
  const right = digits.map((head) => head + [...Array(10).keys()].find((digit) => hasCheckDigit(`${head}${digit}`)));
  await fc.assert(
    fc.asyncProperty(right, async (code) => {
      expect(await janOf(code)).toBe(productCode(code)?.jan);
    }),
    { numRuns: 50 },
  );
});
