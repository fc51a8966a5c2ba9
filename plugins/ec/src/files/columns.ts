import { UnusableFile } from '@enishi/plugin-sdk';
import { columnOf, columnsOf, requiredColumn, type Table } from '@enishi/plugin-sdk/files';
import type { OrderOptions } from './order-options.ts';

/** Where each thing stands in this file. A named column that is missing stops the import before anything is stored. */
export function orderColumns(table: Table, options: OrderOptions) {
  const columns = {
    orderId: columnsOf(table, options.orderId),
    at: requiredColumn(table, options.at),
    status: columnOf(table, options.status),
    customerId: columnOf(table, options.customerId),
    member: columnOf(table, options.member),
    email: columnOf(table, options.email),
    phone: columnOf(table, options.phone),
    productId: columnOf(table, options.productId),
    productName: columnOf(table, options.productName),
    category: columnOf(table, options.category),
    quantity: columnOf(table, options.quantity),
    price: columnOf(table, options.price),
    amount: columnOf(table, options.amount),
    shipping: columnOf(table, options.shipping),
    tax: columnOf(table, options.tax),
    discount: columnOf(table, options.discount),
    total: columnOf(table, options.total),
  };
  if (columns.price === undefined && columns.amount === undefined)
    throw new UnusableFile(`it has neither a price nor an amount column; it has ${table.heading.join(', ')}`);
  return columns;
}

export type OrderColumns = ReturnType<typeof orderColumns>;
