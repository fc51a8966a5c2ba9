import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js';

/** NFKC turns full-width digits and half-width kana into their usual forms; invisible characters go. */
const clean = (raw: string): string =>
  raw
    .normalize('NFKC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .trim();

export const plain = (raw: string): string | undefined => clean(raw) || undefined;

/** What stands between digits in Japanese data: hyphens, dashes, minus, lines drawn, the mark of a long vowel, blanks. */
const hyphens = /[\s\-\u2010-\u2015\u2212\u2500\u2501\u30fc]/gu;

/** Card numbers are written with and without blanks and hyphens; leading zeros count. */
export const cardNumber = (raw: string): string | undefined => clean(raw).replace(hyphens, '').toUpperCase() || undefined;

const emailShape = /^[^\s@<>(),;:"[\]\\]+@(?:[^\s@.<>(),;:"[\]\\]+\.)+[^\s@.<>(),;:"[\]\\]{2,}$/u;

/** Lower case throughout: no provider in use tells mailboxes apart by letter case. Dots and +tags are kept: only some providers ignore them. */
export function email(raw: string): string | undefined {
  const value = clean(raw).toLowerCase();
  return value.length <= 254 && emailShape.test(value) ? value : undefined;
}

// Parsing a number costs tens of microseconds and the same people call again and again.
const phones = new Map<string, string | undefined>();
const remembered = 20_000;

/** E.164, read in the workspace's country where the number names none. Nothing but zeros behind the prefix is what forms are filled with. */
export function phone(raw: string, country: string): string | undefined {
  const key = `${country} ${raw}`;
  if (phones.has(key)) return phones.get(key);
  const parsed = parsePhoneNumberFromString(clean(raw).replace(hyphens, '-'), country as CountryCode);
  const value = parsed?.isValid() && !/0{8}$/.test(parsed.number) ? parsed.number : undefined;
  if (phones.size >= remembered) phones.clear();
  phones.set(key, value);
  return value;
}
