import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js';
import { fold } from './text.ts';

/** `e164`: +819012345678. `digits`: 819012345678. `domestic`: 09012345678, as it is dialled in its own country. */
export type PhoneForm = 'e164' | 'digits' | 'domestic';

/** What stands between digits in Japanese data: hyphens, dashes, minus, lines drawn, the mark of a long vowel. */
const dashes = /[\u2010-\u2015\u2212\u2500\u2501\u30fc]/gu;

/** Answers a number in one form, read in the given country where it names none; `undefined` where nobody could be called by it. */
export function phone(form: PhoneForm): (raw: string, country: string) => string | undefined {
  return (raw, country) => {
    const number = read(fold(raw).replace(dashes, '-'), country);
    if (number === undefined) return undefined;
    // Dialled without its country, a number from abroad is somebody else's.
    if (form === 'domestic') return isOf(country, number) ? number.formatNational().replace(/\D/g, '') : undefined;
    return form === 'e164' ? number.number : number.number.slice(1);
  };
}

function read(text: string, country: string): PhoneNumber | undefined {
  // 0081… is how many write +81…, though the prefix for calls abroad is another one in Japan.
  const abroad = text.startsWith('00') ? parsePhoneNumberFromString(`+${text.slice(2)}`) : undefined;
  if (abroad?.isValid() && isOf(country, abroad)) return abroad;
  const number = parsePhoneNumberFromString(text, country as CountryCode);
  return number?.isValid() ? number : undefined;
}

const isOf = (country: string, { countryCallingCode }: PhoneNumber): boolean =>
  isSupportedCountry(country) && getCountryCallingCode(country) === countryCallingCode;
