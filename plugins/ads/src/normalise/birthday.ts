import { fold } from './text.ts';

export interface Birthday {
  /** Four digits. */
  readonly year: string;
  /** Two digits, like the day. */
  readonly month: string;
  readonly day: string;
}

/** The year before the first one of each era. */
const eras: Readonly<Record<string, number>> = {
  明治: 1867,
  m: 1867,
  大正: 1911,
  t: 1911,
  昭和: 1925,
  s: 1925,
  平成: 1988,
  h: 1988,
  令和: 2018,
  r: 2018,
};

const western = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[t ].*)?$/;
const compact = /^(\d{4})(\d{2})(\d{2})$/;
const ofEra = /^(明治|大正|昭和|平成|令和|[mtshr])\.?(\d{1,2}|元)[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/;

/** Reads 1990-05-01, 1990/5/1, 19900501, 1990年5月1日, 平成2年5月1日 and H2.5.1; `undefined` for anything else and for days that never were. */
export function birthday(raw: string): Birthday | undefined {
  const text = fold(raw).replace(/\s+(?=\D*$)|(?<=[年月])\s+/gu, '');
  const [, era, yearOfEra, ...rest] = ofEra.exec(text) ?? [];
  const parts =
    era === undefined
      ? (western.exec(text) ?? compact.exec(text))?.slice(1, 4)
      : [(eras[era] ?? 0) + (yearOfEra === '元' ? 1 : Number(yearOfEra)), ...rest];
  if (parts === undefined) return undefined;
  const [year = 0, month = 0, day = 0] = parts.map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  if (year < 1900 || year > 2100 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return { year: String(year), month: String(month).padStart(2, '0'), day: String(day).padStart(2, '0') };
}

/** 19900501 */
export function compactBirthday(raw: string): string | undefined {
  const born = birthday(raw);
  return born && `${born.year}${born.month}${born.day}`;
}
