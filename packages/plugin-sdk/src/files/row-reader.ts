import type Big from 'big.js';
import { amount, calendarDay, instant, UnreadableCell } from './read.ts';
import type { Row, Table } from './table.ts';

/** Why an order, receipt or other group of rows cannot be stored. */
export class Withheld extends Error {
  override readonly name = 'Withheld';
}

/** Reads the cells of one file. What cannot be read is thrown as `Withheld`, with line and column. */
export class RowReader {
  readonly #table: Table;
  readonly #timeZone: string;

  constructor(table: Table, timeZone: string) {
    this.#table = table;
    this.#timeZone = timeZone;
  }

  /** `undefined` where the cell is empty or the file has no such column. */
  text(row: Row, column: number | undefined): string | undefined {
    const cell = column === undefined ? undefined : row.cells[column]?.trim();
    return cell === '' ? undefined : cell;
  }

  amount(row: Row, column: number): Big;
  amount(row: Row, column: number | undefined): Big | undefined;
  amount(row: Row, column: number | undefined): Big | undefined {
    return column === undefined ? undefined : this.#read(row, column, amount);
  }

  instant(row: Row, column: number): Date {
    return this.#read(row, column, (text) => instant(text, this.#timeZone));
  }

  /** A day as it is written, `2026-11-21`. */
  day(row: Row, column: number): string {
    return this.#read(row, column, calendarDay);
  }

  /** What all rows of a group must say alike: two customers on one receipt would be tied together for ever. */
  same(rows: readonly Row[], column: number | undefined): string | undefined {
    const [first] = rows;
    if (first === undefined || column === undefined) return undefined;
    const value = this.text(first, column);
    const other = rows.find((row) => this.text(row, column) !== value);
    if (other) throw new Withheld(`line ${other.lines[0]}: ${this.#table.heading[column]} differs from that of line ${first.lines[0]}`);
    return value;
  }

  /** An amount that every row of a group repeats. */
  sameAmount(rows: readonly Row[], column: number | undefined): Big | undefined {
    const [first] = rows;
    return first === undefined || this.same(rows, column) === undefined ? undefined : this.amount(first, column);
  }

  #read<TValue>(row: Row, column: number, read: (text: string) => TValue): TValue {
    try {
      return read(row.cells[column] ?? '');
    } catch (error) {
      if (!(error instanceof UnreadableCell)) throw error;
      throw new Withheld(`line ${row.lines[0]}: ${this.#table.heading[column]}: ${error.message}`);
    }
  }
}
