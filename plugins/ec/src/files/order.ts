import type { Draft, Identifiers } from '@enishi/plugin-sdk';
import { identifier, type Row, type RowReader, toNumber, total, Withheld } from '@enishi/plugin-sdk/files';
import { accountId, inShop } from '../customer.ts';
import type { Product } from '../events/fields.ts';
import { orderCancelled, orderCompleted, orderRefunded } from '../events/index.ts';
import { ownIdentity } from '../message.ts';
import type { OrderColumns } from './columns.ts';
import type { OrderOptions } from './order-options.ts';

export interface Reading {
  readonly columns: OrderColumns;
  readonly cells: RowReader;
  readonly options: OrderOptions;
  readonly shop: string | undefined;
}

type Amount = ReturnType<typeof total>;

/** One order from all its rows. Throws `Withheld` where any of them is wrong: a total without a line would be a wrong total. */
export function toOrder(orderId: string, rows: readonly Row[], reading: Reading): Draft {
  const broken = rows.find(({ problem }) => problem !== undefined);
  if (broken) throw new Withheld(`line ${broken.lines[0]}: ${broken.problem}`);
  const { options, shop } = reading;
  const items = rows.map((row) => toItem(row, reading));
  const sums = toSums(rows, items, reading);
  // A file of refunds has negative quantities; the events speak of what came back, in positive numbers.
  const reversed = sums.total.lt(0) || (sums.total.eq(0) && items.every(({ quantity }) => quantity.lt(0)));
  const sign = reversed ? -1 : 1;
  const kind =
    reversed || startsWith(orderId, options.refundPrefixes)
      ? 'refunded'
      : kindOf(reading.cells.same(rows, reading.columns.status), options);
  const draft = {
    id: inShop(shop, kind === 'completed' ? `order:${orderId}` : `order:${orderId}:${kind}`),
    at: new Date(Math.min(...rows.map((row) => reading.cells.instant(row, reading.columns.at).getTime()))),
    identifiers: whoOrdered(orderId, rows, reading),
    properties: {
      order_id: orderId,
      affiliation: shop,
      ...numbers(sums, sign),
      currency: options.currency,
      products: items.map(({ product, quantity }) => ({ ...product, quantity: toNumber(quantity.times(sign)) })),
    },
  };
  if (kind === 'refunded') return orderRefunded(draft);
  return kind === 'cancelled' ? orderCancelled(draft) : orderCompleted(draft);
}

export const startsWith = (orderId: string, prefixes: readonly string[]): boolean => prefixes.some((prefix) => orderId.startsWith(prefix));

interface Item {
  readonly product: Product;
  readonly quantity: Amount;
  readonly amount: Amount;
}

function toItem(row: Row, { columns, cells }: Reading): Item {
  const price = cells.amount(row, columns.price);
  const amount = cells.amount(row, columns.amount);
  const quantity = cells.amount(row, columns.quantity);
  const one = quantity ?? total([]).plus(amount?.lt(0) ? -1 : 1);
  return {
    product: {
      product_id: identifier(cells.text(row, columns.productId) ?? ''),
      name: cells.text(row, columns.productName),
      category: cells.text(row, columns.category),
      price: price === undefined ? undefined : toNumber(price),
    },
    quantity: one,
    amount: amount ?? total(price === undefined ? [] : [price.times(one)]),
  };
}

interface Sums {
  readonly subtotal: Amount;
  readonly shipping: Amount | undefined;
  readonly tax: Amount | undefined;
  readonly discount: Amount | undefined;
  readonly total: Amount;
}

function toSums(rows: readonly Row[], items: readonly Item[], reading: Reading): Sums {
  const { cells, columns } = reading;
  const [shipping, tax, discount] = [columns.shipping, columns.tax, columns.discount].map((column) => cells.sameAmount(rows, column));
  const subtotal = total([...items.map(({ amount }) => amount), ...(discount ? [discount.neg()] : [])]);
  const sum = total([subtotal, shipping, tax].filter((each) => each !== undefined));
  return { subtotal, shipping, tax, discount, total: cells.sameAmount(rows, columns.total) ?? sum };
}

function numbers(sums: Sums, sign: number) {
  const signed = (value: Amount | undefined): number | undefined => (value === undefined ? undefined : toNumber(value.times(sign)));
  return {
    subtotal: signed(sums.subtotal),
    shipping: signed(sums.shipping),
    tax: signed(sums.tax),
    discount: signed(sums.discount),
    total: signed(sums.total),
  };
}

function kindOf(status: string | undefined, options: OrderOptions): 'completed' | 'refunded' | 'cancelled' {
  if (status !== undefined && options.refundStatuses.includes(status)) return 'refunded';
  return status !== undefined && options.cancelStatuses.includes(status) ? 'cancelled' : 'completed';
}

function whoOrdered(orderId: string, rows: readonly Row[], { cells, columns, shop }: Reading): Identifiers {
  const account = accountId(identifier(cells.same(rows, columns.customerId) ?? ''));
  const member = accountId(identifier(cells.same(rows, columns.member) ?? ''));
  return {
    'ec.customer': account === undefined ? undefined : inShop(shop, account),
    member,
    email: cells.same(rows, columns.email),
    phone: cells.same(rows, columns.phone),
    anonymous: account === undefined && member === undefined ? ownIdentity(orderId, shop) : undefined,
  };
}
