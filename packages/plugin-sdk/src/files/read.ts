import { TZDate } from '@date-fns/tz';
import Big from 'big.js';

/** A cell does not hold what its column promises. */
export class UnreadableCell extends Error {
  override readonly name = 'UnreadableCell';
  constructor(text: string, expected: string) {
    super(`"${text.slice(0, 100)}" is not ${expected}`);
  }
}

/** A copy that stands alone. Engines keep a text alive as long as anything cut out of it, and what it was cut out of is a block of the file. Short texts are always copied. */
export const detached = (text: string): string => (text.length < 13 ? text : Buffer.from(text).toString());

/** Full-width digits, letters and signs become plain ones. */
export const plainText = (text: string): string => text.normalize('NFKC').trim();

/** The amounts tills print, `▲1,234`, `△500`, `-1,200円`, `(300)`, `￥１，２３４`, and those data frames write, `4.44e-16`. */
const amountShape = /^([-+−▲△]?)[¥\\$£€]?([-−▲△]?)((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d{1,2})?|\.\d+)円?(-?)$/i;

/** Nearly all of them, and read without ado. */
const usualAmount = /^-?\d{1,15}(?:\.\d{1,6})?$/;

/** An amount of money or a quantity, exact. Throws `UnreadableCell`. */
export function amount(text: string): Big {
  if (usualAmount.test(text)) return new Big(text);
  const bracketed = /^\((.*)\)$/.exec(plainText(text));
  const found = amountShape.exec((bracketed?.[1] ?? plainText(text)).replaceAll(' ', ''));
  const digits = found?.[3];
  if (!found || digits === undefined) throw new UnreadableCell(text, 'a number');
  const value = new Big(digits.replaceAll(',', ''));
  const signs = [bracketed ? '-' : '', found[1], found[2], found[4]].filter((sign) => sign && sign !== '+').length;
  return signs % 2 === 1 ? value.neg() : value;
}

export const total = (amounts: Iterable<Big>): Big => {
  let sum = new Big(0);
  for (const each of amounts) sum = sum.plus(each);
  return sum;
};

/** As a JSON number. Finer than a millionth is the noise of somebody's floating point, such as 1.9300000000000002. */
export const toNumber = (value: Big): number => value.round(6).toNumber() || 0;

/** An id as it is meant: spreadsheets and data frames turn 12345 into `12345.0`. Empty is `undefined`. */
export function identifier(text: string): string | undefined {
  const value = text.trim();
  return value === '' ? undefined : value.replace(/^(\d+)\.0$/, '$1');
}

const dateShape = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?/;
const timeShape = /^[T ]*(\d{1,2}):?(\d{2})(?::?(\d{2})(?:\.\d+)?)?(?:時|分|秒)?\s*(Z|[+-]\d{2}:?\d{2})?$/;

// The same minute comes on every line of a receipt, and asking the time-zone table costs ten microseconds.
const remembered = new Map<string, number>();

/**
 * An instant from local text: `2026/11/21 18:05`, `20261121180500`, `2026-11-21T18:05:00+09:00`, `2026年11月21日`. Where it names
 * no zone it is read in the one given. Hours run to 47: a shop open past midnight books 1:30 as 25:30 of the day before. Throws `UnreadableCell`.
 */
export function instant(text: string, timeZone: string): Date {
  const key = `${timeZone} ${text}`;
  const known = remembered.get(key);
  if (known !== undefined) return new Date(known);
  const time = parseInstant(text, timeZone);
  if (remembered.size >= 10_000) remembered.clear();
  remembered.set(key, time);
  return new Date(time);
}

function parseInstant(text: string, timeZone: string): number {
  const plain = plainText(text);
  const date = dateShape.exec(plain);
  const rest = date ? plain.slice(date[0].length) : '';
  const time = rest === '' ? ['', '0', '0', '0', undefined] : timeShape.exec(rest);
  if (!date || !time) throw new UnreadableCell(text, 'a date');
  const [year, month, day] = [Number(date[1]), Number(date[2]), Number(date[3])];
  const [hour, minute, second] = [Number(time[1]), Number(time[2]), Number(time[3] ?? 0)];
  const calendar = new Date(Date.UTC(year, month - 1, day));
  // Without this 2026-02-30 would quietly become the second of March.
  const exists = calendar.getUTCMonth() === month - 1 && calendar.getUTCDate() === day && hour < 48 && minute < 60 && second < 61;
  if (!exists) throw new UnreadableCell(text, 'a date that exists');
  const offset = time[4];
  if (offset !== undefined) return Date.UTC(year, month - 1, day, hour, minute, second) - offsetOf(offset);
  const instant = new TZDate(year, month - 1, day, hour, minute, second, timeZone).getTime();
  if (Number.isNaN(instant)) throw new UnreadableCell(text, `a date in the time zone ${timeZone}`);
  return instant;
}

/** Milliseconds east of Greenwich: `Z`, `+09:00`, `-0530`. */
function offsetOf(text: string): number {
  const [, sign, hours, minutes] = /^([-+])(\d\d):?(\d\d)$/.exec(text) ?? [];
  return (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000 * (sign === '-' ? -1 : 1);
}

/** The day as it is written, `2026-11-21`: a business day or birthday is no instant, and no time zone may move it. Throws `UnreadableCell`. */
export function calendarDay(text: string): string {
  const date = dateShape.exec(plainText(text));
  if (!date) throw new UnreadableCell(text, 'a date');
  const [year = '', month = '', day = ''] = date.slice(1);
  const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const calendar = new Date(`${written}T00:00:00Z`);
  if (Number.isNaN(calendar.getTime()) || calendar.toISOString().slice(0, 10) !== written)
    throw new UnreadableCell(text, 'a date that exists');
  return written;
}
