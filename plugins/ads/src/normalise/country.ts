import { getCountries } from 'libphonenumber-js';
import { fold } from './text.ts';

const codes: readonly string[] = getCountries();
const named = new Map(
  ['en', 'ja'].flatMap((language) => {
    const names = new Intl.DisplayNames([language], { type: 'region' });
    return codes.map((code): [string, string] => [fold(names.of(code) ?? code), code]);
  }),
);

/** The two capital letters of ISO 3166-1, from the code or from the country's English or Japanese name. */
export function country(raw: string): string | undefined {
  const text = fold(raw);
  const code = text.toUpperCase();
  return codes.includes(code) ? code : (named.get(text) ?? (text === '日本国' ? 'JP' : undefined));
}
