import { calendarDay, type Row, type RowReader, UnreadableCell } from '@enishi/plugin-sdk/files';
import { type ReceiptKey, receiptKey } from '../receipt.ts';
import type { ReceiptColumns } from './receipt-columns.ts';

/**
 * Which receipt a row belongs to. Tills start their numbers over each day, so the day is part of it. A row whose day cannot be
 * read counts with the neighbour that has its number, and that receipt is then withheld: without the row its total would be wrong.
 */
export class ReceiptKeys {
  readonly #cells: RowReader;
  readonly #columns: ReceiptColumns;
  readonly #damaged = new Set<string>();
  #before: ReceiptKey | undefined;

  constructor(cells: RowReader, columns: ReceiptColumns) {
    this.#cells = cells;
    this.#columns = columns;
  }

  /** `undefined` where store or number are missing too. */
  keyOf(row: Row): string | undefined {
    const store_id = this.#cells.text(row, this.#columns.storeId);
    const receipt_number = this.#cells.text(row, this.#columns.receiptNumber);
    if (store_id === undefined || receipt_number === undefined) return undefined;
    const till = { store_id, receipt_number, register_id: this.#cells.text(row, this.#columns.registerId) };
    const day = this.#dayOf(row);
    const before = this.#before;
    const follows = before !== undefined && before.store_id === store_id && sameTill(before, till);
    const key = { ...till, business_day: day ?? (follows ? before.business_day : undefined) };
    if (day === undefined) this.#damaged.add(receiptKey(key));
    // The damaged row may have been the first of its receipt.
    else if (follows && before.business_day === undefined) this.#damaged.add(receiptKey(key));
    this.#before = key;
    return receiptKey(key);
  }

  /** Whether a row that belongs to this receipt has no readable day. */
  isDamaged(key: string): boolean {
    return this.#damaged.has(key);
  }

  #dayOf(row: Row): string | undefined {
    const text = this.#cells.text(row, this.#columns.businessDay ?? this.#columns.at);
    try {
      return text === undefined ? undefined : calendarDay(text);
    } catch (error) {
      if (error instanceof UnreadableCell) return undefined;
      throw error;
    }
  }
}

const sameTill = (one: ReceiptKey, other: ReceiptKey): boolean =>
  one.receipt_number === other.receipt_number && one.register_id === other.register_id;
