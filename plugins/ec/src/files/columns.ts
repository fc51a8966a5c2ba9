import { UnusableFile } from '@enishi/plugin-sdk';
import { amount, columnOf, instant, type Row, type Table, UnreadableCell } from '@enishi/plugin-sdk/files';
import type { ColumnChoice, OrderOptions } from './order-options.ts';

const find = (table: Table, { named, usual }: ColumnChoice, required = false): number | undefined =>
  columnOf(table, named ?? usual, required || named !== undefined);

const required = (table: Table, choice: ColumnChoice): number => find(table, choice, true) ?? -1;

/** Where each thing stands in this file. A named column that is missing stops the import before anything is stored. */
export function orderColumns(table: Table, options: OrderOptions) {
  const several = options.orderId.named?.map((name) => required(table, { named: [name], usual: [] }));
  const columns = {
    orderId: several ?? [required(table, options.orderId)],
    at: required(table, options.at),
    status: find(table, options.status),
    customerId: find(table, options.customerId),
    member: find(table, options.member),
    email: find(table, options.email),
    phone: find(table, options.phone),
    productId: find(table, options.productId),
    productName: find(table, options.productName),
    category: find(table, options.category),
    quantity: find(table, options.quantity),
    price: find(table, options.price),
    amount: find(table, options.amount),
    shipping: find(table, options.shipping),
    tax: find(table, options.tax),
    discount: find(table, options.discount),
    total: find(table, options.total),
  };
  if (columns.price === undefined && columns.amount === undefined)
    throw new UnusableFile(`it has neither a price nor an amount column; it has ${table.heading.join(', ')}`);
  return columns;
}

export type OrderColumns = ReturnType<typeof orderColumns>;

/** Why an order cannot be stored. */
export class Withheld extends Error {
  override readonly name = 'Withheld';
}

/** Reads the cells of one file, and names line and column where one cannot be read. */
export class Cells {
  readonly #table: Table;
  readonly #timeZone: string;

  constructor(table: Table, timeZone: string) {
    this.#table = table;
    this.#timeZone = timeZone;
  }

  text(row: Row, column: number | undefined): string | undefined {
    const cell = column === undefined ? undefined : row.cells[column]?.trim();
    return cell === '' ? undefined : cell;
  }

  amount(row: Row, column: number) {
    return this.#read(row, column, amount);
  }

  instant(row: Row, column: number): Date {
    return this.#read(row, column, (text) => instant(text, this.#timeZone));
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
