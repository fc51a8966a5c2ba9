import type { Draft } from '@enishi/plugin-sdk';
import {
  calendarDay,
  identifier,
  instant,
  type Row,
  type RowReader,
  toNumber,
  total,
  UnreadableCell,
  Withheld,
} from '@enishi/plugin-sdk/files';
import { dayProblem } from '../clock.ts';
import { inChain, whoIs } from '../customer.ts';
import { purchaseCompleted, purchaseReturned, purchaseVoided } from '../events/index.ts';
import { productCode } from '../jan.ts';
import { messageId, pointsHeld, type ReceiptKey, receiptKey } from '../receipt.ts';
import type { ReceiptColumns } from './receipt-columns.ts';
import type { ReceiptOptions } from './receipt-options.ts';

export interface Reading {
  readonly columns: ReceiptColumns;
  readonly cells: RowReader;
  readonly options: ReceiptOptions;
}

type Amount = ReturnType<typeof total>;

/** One receipt from all its rows. Throws `Withheld` where any of them is wrong: a total without a line would be a wrong total. */
export function toReceipt(rows: readonly Row[], reading: Reading): Draft {
  const { cells, columns, options } = reading;
  const key = keyOf(rows, reading);
  const items = rows.map((row) => toItem(row, reading));
  const sum = cells.sameAmount(rows, columns.total) ?? total(items.map(({ amount }) => amount));
  const stated = kindOf(cells.same(rows, columns.kind), options);
  const kind = stated === 'SALE' && sum.lt(0) ? 'RETURN' : stated;
  // A till prints a return with a minus, the event says what came back.
  const sign = sum.lt(0) ? -1 : 1;
  const tax = cells.sameAmount(rows, columns.tax);
  const at = timeOf(rows, reading);
  const wrongClock = dayProblem(at, key.business_day);
  if (wrongClock !== undefined) throw new Withheld(wrongClock);
  const [earned, used, balance] = [columns.pointsEarned, columns.pointsUsed, columns.pointsBalance].map((column) =>
    cells.sameAmount(rows, column),
  );
  const draft = {
    id: messageId(key, kind, options.chain),
    at,
    traits: pointsHeld(balance && toNumber(balance)),
    identifiers: whoIs(
      {
        member: identifier(cells.same(rows, columns.member) ?? ''),
        household: identifier(cells.same(rows, columns.household) ?? ''),
        phone: cells.same(rows, columns.phone),
      },
      { chain: options.chain, receipt: inChain(options.chain, `receipt:${receiptKey(key)}`) },
    ),
    properties: {
      ...key,
      total: toNumber(sum.times(sign)),
      tax: tax && toNumber(tax.times(sign)),
      discount: columns.lineDiscounts.length === 0 ? undefined : toNumber(total(items.map(({ discount }) => discount))),
      payment_method: cells.text(rows[0] ?? emptyRow, columns.paymentMethod),
      currency: options.currency,
      points_earned: earned && toNumber(earned),
      points_used: used && toNumber(used),
      products: items.map((item) => toProduct(item, sign)),
    },
  };
  if (kind === 'VOID') return purchaseVoided(draft);
  return kind === 'RETURN' ? purchaseReturned(draft) : purchaseCompleted(draft);
}

const emptyRow: Row = { lines: [], raw: '', cells: [] };

function keyOf(rows: readonly Row[], { cells, columns }: Reading): ReceiptKey & { business_day: string } {
  const [first = emptyRow] = rows;
  const day = cells.text(first, columns.businessDay ?? columns.at) ?? '';
  return {
    store_id: cells.text(first, columns.storeId) ?? '',
    register_id: cells.text(first, columns.registerId),
    receipt_number: cells.text(first, columns.receiptNumber) ?? '',
    business_day: calendarDay(day),
  };
}

/** The earliest of its lines. */
function timeOf(rows: readonly Row[], { cells, columns, options }: Reading): Date {
  const at = columns.at;
  if (at !== undefined) return earliest(rows.map((row) => cells.instant(row, at)));
  const times = rows.map((row) => {
    const text = `${calendarDay(cells.text(row, columns.businessDay) ?? '')} ${cells.text(row, columns.time) ?? ''}`;
    try {
      return instant(text, options.timeZone);
    } catch (error) {
      if (error instanceof UnreadableCell) throw new Withheld(`line ${row.lines[0]}: ${error.message}`);
      throw error;
    }
  });
  return earliest(times);
}

const earliest = (times: readonly Date[]): Date => new Date(Math.min(...times.map((time) => time.getTime())));

function kindOf(word: string | undefined, options: ReceiptOptions): 'SALE' | 'RETURN' | 'VOID' {
  if (word === undefined || options.saleWords.includes(word)) return 'SALE';
  if (options.returnWords.includes(word)) return 'RETURN';
  if (options.voidWords.includes(word)) return 'VOID';
  // A word nobody knows may mean money that never came in; counted as a sale it would be a wrong total.
  throw new Withheld(`"${word}" is no known kind of receipt: name it in saleWords, returnWords, voidWords or ignoreWords`);
}

interface Item {
  readonly row: Row;
  readonly reading: Reading;
  readonly quantity: Amount;
  readonly price: Amount | undefined;
  readonly discount: Amount;
  readonly amount: Amount;
}

function toItem(row: Row, reading: Reading): Item {
  const { cells, columns } = reading;
  const price = cells.amount(row, columns.price);
  const stated = cells.amount(row, columns.amount);
  const quantity = cells.amount(row, columns.quantity) ?? total([]).plus(stated?.lt(0) ? -1 : 1);
  const discount = total(
    columns.lineDiscounts.flatMap((column) => (cells.text(row, column) === undefined ? [] : [cells.amount(row, column).abs()])),
  );
  const gross = (price ?? total([])).times(quantity);
  const amount = stated ?? (quantity.lt(0) ? gross.plus(discount) : gross.minus(discount));
  return { row, reading, quantity, price, discount, amount };
}

function toProduct({ row, reading: { cells, columns, options }, quantity, price, discount, amount }: Item, sign: number) {
  const code = cells.text(row, columns.productId);
  return {
    ...(code === undefined ? {} : options.codes === 'jan' ? productCode(code, options.chain) : { product_id: code }),
    name: cells.text(row, columns.productName),
    category: cells.text(row, columns.category),
    quantity: toNumber(quantity.times(sign)),
    price: price && toNumber(price),
    discount: discount.eq(0) ? undefined : toNumber(discount),
    amount: toNumber(amount.times(sign)),
    tax_rate: cells.text(row, columns.taxRate),
  };
}
