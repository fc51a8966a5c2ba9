import { UnusableFile } from '@enishi/plugin-sdk';
import { columnOf, columnsOf, requiredColumn, type Table } from '@enishi/plugin-sdk/files';
import type { ReceiptOptions } from './receipt-options.ts';

/** Where each thing stands in this file. A named column that is missing stops the import before anything is stored. */
export function receiptColumns(table: Table, options: ReceiptOptions) {
  const columns = {
    storeId: requiredColumn(table, options.storeId),
    receiptNumber: requiredColumn(table, options.receiptNumber),
    registerId: columnOf(table, options.registerId),
    businessDay: columnOf(table, options.businessDay),
    at: columnOf(table, options.at),
    time: columnOf(table, options.time),
    kind: columnOf(table, options.kind),
    member: columnOf(table, options.member),
    household: columnOf(table, options.household),
    phone: columnOf(table, options.phone),
    productId: columnOf(table, options.productId),
    productName: columnOf(table, options.productName),
    category: columnOf(table, options.category),
    quantity: columnOf(table, options.quantity),
    price: columnOf(table, options.price),
    lineDiscounts: discountColumns(table, options),
    amount: columnOf(table, options.amount),
    taxRate: columnOf(table, options.taxRate),
    tax: columnOf(table, options.tax),
    total: columnOf(table, options.total),
    pointsEarned: columnOf(table, options.pointsEarned),
    pointsUsed: columnOf(table, options.pointsUsed),
    pointsBalance: columnOf(table, options.pointsBalance),
    paymentMethod: columnOf(table, options.paymentMethod),
  };
  const has = table.heading.join(', ');
  if (columns.at === undefined && columns.businessDay === undefined) throw new UnusableFile(`it has no column with a date; it has ${has}`);
  if (columns.price === undefined && columns.amount === undefined)
    throw new UnusableFile(`it has neither a price nor an amount column; it has ${has}`);
  return columns;
}

export type ReceiptColumns = ReturnType<typeof receiptColumns>;

function discountColumns(table: Table, { lineDiscount }: ReceiptOptions): readonly number[] {
  if (lineDiscount.named !== undefined) return columnsOf(table, lineDiscount);
  const found = columnOf(table, lineDiscount);
  return found === undefined ? [] : [found];
}
