import { plainText } from '@enishi/plugin-sdk/files';

/** What a scanned or typed product code is. */
export interface ProductCode {
  /** The code as the till knows it. */
  readonly product_id: string;
  /** GTIN-13 or GTIN-8, only where the check digit is right and the code means the same product everywhere. */
  readonly jan?: string;
  /** The store's own code, with a price or weight in it: never compare it across merchants. */
  readonly in_store?: true;
}

/**
 * Recognises JAN codes (GTIN-13 and GTIN-8, with UPC-A as GTIN-13) as tills and spreadsheets write them: full-width
 * digits, hyphens, leading zeros lost. A code that is none stays what it is: the sale is true even where the code is not.
 * A store's own code gets its chain in front, where it has one: the same digits are another product elsewhere.
 */
export function productCode(text: string, chain?: string): ProductCode | undefined {
  const plain = plainText(text);
  if (plain === '') return undefined;
  const digits = plain.replace(/[\s-]/g, '');
  if (!/^\d{8,13}$/.test(digits)) return { product_id: plain };
  const code = digits.length === 8 ? digits : digits.padStart(13, '0');
  if (isInStore(digits, code)) return { product_id: chain === undefined ? code : `${chain}:${code}`, in_store: true };
  if (!hasCheckDigit(code)) return { product_id: plain };
  // 191 and 192 are the second bar code of a Japanese book, its price and category.
  return /^19[12]/.test(code) && code.length === 13 ? { product_id: code } : { product_id: code, jan: code };
}

/** Weights run 3, 1, 3, 1 ... leftwards from the digit before the check digit. */
export function hasCheckDigit(code: string): boolean {
  const digits = [...code].map(Number);
  const check = digits.pop();
  const sum = digits.reverse().reduce((total, digit, place) => total + digit * (place % 2 === 0 ? 3 : 1), 0);
  return check === (10 - (sum % 10)) % 10;
}

/**
 * GS1 leaves 02, 04 and 20 to 29 to each store, which may use the last digit as it likes; in GTIN-8 that is 0 and 2. Of shorter
 * numbers, only one with a right check digit is a bar code that lost its first zero.
 */
function isInStore(digits: string, code: string): boolean {
  if (code.length === 8) return /^[02]/.test(code) && hasCheckDigit(code);
  return /^(?:0[24]|2)/.test(code) && (digits.length === 13 || hasCheckDigit(code));
}
