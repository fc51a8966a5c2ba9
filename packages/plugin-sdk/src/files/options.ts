import { z } from 'zod';
import { instant } from './read.ts';

/** `a,b` from a command line, or a list from an options file. */
export const list = z.union([z.array(z.string()), z.string().transform((text) => text.split(',').filter((part) => part !== ''))]);

const zone = z.string().refine((name) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}, 'name a time zone such as Asia/Tokyo, or an offset such as +09:00');

/** What every table of text has: spread it into the options of a file source. */
export const tableOptions = {
  format: z.enum(['auto', 'csv', 'ndjson']).default('auto').describe('`auto` looks at the first character.'),
  encoding: z.enum(['auto', 'utf-8', 'cp932']).default('auto').describe('`auto` reads UTF-8, and CP932 (Shift_JIS) where it is not that.'),
  delimiter: z.enum([',', ';', '\t', '|', 'whitespace']).default(',').describe('`whitespace`: any run of blanks.'),
  columns: list.optional().describe('Names of the columns, for a file without a heading line.'),
  timeZone: zone.default('Asia/Tokyo').describe('Zone of times that name none.'),
};

/** The name of a column, or several. Without one the usual names are tried, and one that may be missing is simply not there. */
export interface ColumnChoice {
  readonly named: readonly string[] | undefined;
  readonly usual: readonly string[];
}

/** An option that names a column of the file. */
export const column = (...usual: string[]) =>
  list
    .optional()
    .describe(`Column. Default: ${usual.join(', ')}.`)
    .transform((named): ColumnChoice => ({ named, usual }));

/** An option that is a time, such as `2026-11-21`. */
export const moment = z.string().refine((text) => {
  try {
    return instant(text, 'UTC') instanceof Date;
  } catch {
    return false;
  }
}, 'write a date such as 2026-11-21');
