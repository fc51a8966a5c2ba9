import { productCode } from '@enishi/plugin-pos';

/**
 * The JAN code (GTIN-13, or Japan's GTIN-8) that a shop's number is, by the rules tills go by, so that both speak of one product.
 * Shops number freely: shorter numbers and those of eight digits from elsewhere are right by chance one time in ten, so they are none.
 */
export function janOf(number: string | undefined): string | undefined {
  const written = number?.normalize('NFKC').replace(/[\s-]/g, '') ?? '';
  return /^(?:\d{12,13}|4[59]\d{6})$/.test(written) ? productCode(written)?.jan : undefined;
}
