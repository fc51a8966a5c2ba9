import { fold } from './text.ts';

const bare = (raw: string): string => fold(raw).replace(/[\s\-\u2010-\u2015\u2212\u30fc\u3012]/gu, '');

/** Small letters and digits without blanks and hyphens; of a code in the United States the first five digits. */
export function compactPostalCode(raw: string, country: string): string | undefined {
  const code = bare(raw);
  if (country === 'JP') return /^\d{7}$/.test(code) ? code : undefined;
  if (country === 'US') return /^\d{5}(?:\d{4})?$/.test(code) ? code.slice(0, 5) : undefined;
  return /^[a-z0-9]{2,12}$/.test(code) ? code : undefined;
}

/** The way the post writes it: 150-0002 in Japan, 94043 or 94043-1351 in the United States; elsewhere as it came, in capitals. */
export function writtenPostalCode(raw: string, country: string): string | undefined {
  const code = bare(raw);
  if (country === 'JP') return /^\d{7}$/.test(code) ? `${code.slice(0, 3)}-${code.slice(3)}` : undefined;
  if (country === 'US') return /^\d{5}(?:\d{4})?$/.test(code) ? [code.slice(0, 5), code.slice(5)].filter(Boolean).join('-') : undefined;
  const value = fold(raw).toUpperCase();
  return /^[A-Z0-9][A-Z0-9 -]{1,11}$/.test(value) ? value : undefined;
}
