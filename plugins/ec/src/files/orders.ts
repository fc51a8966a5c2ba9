import { type FileInput, type FileItem, type FileSource, file } from '@enishi/plugin-sdk';
import { detached, groups, identifier, isNdjson, openTable, type Row, RowReader, type Table, Withheld } from '@enishi/plugin-sdk/files';
import { orderColumns } from './columns.ts';
import { messagesIn } from './messages.ts';
import { type Reading, startsWith, toOrder } from './order.ts';
import { type OrderOptions, orderOptions } from './order-options.ts';

/** An order's number becomes part of a message id, which has 200 characters. */
const longestNumber = 120;

export const ordersFile = (settings: { shop: string | undefined }): FileSource =>
  file({
    description:
      'Order lines as CSV (one event per order, wherever in the file its lines stand), or the messages of the webhook as NDJSON.',
    options: orderOptions,
    read: (input, options) => readOrders(input, { ...options, shop: options.shop ?? settings.shop }),
  });

async function* readOrders(input: FileInput, options: OrderOptions): AsyncIterable<FileItem> {
  if (options.format === 'ndjson' || (options.format === 'auto' && (await isNdjson(input)))) {
    yield* messagesIn(input, options.shop);
    return;
  }
  const table = await openTable(input, options);
  const reading: Reading = {
    columns: orderColumns(table, options),
    cells: new RowReader(table, options.timeZone),
    options,
    shop: options.shop,
  };
  const numberOf = (row: Row): string | undefined => numberFrom(row, reading.columns.orderId);
  for await (const { key, rows } of options.rowIs === 'item' ? groups(table, numberOf) : eachRow(table, numberOf)) {
    yield toItem(key, rows, reading);
  }
}

function numberFrom(row: Row, columns: readonly number[]): string | undefined {
  const parts = columns.map((column) => identifier(row.cells[column] ?? ''));
  return parts.includes(undefined) ? undefined : parts.join('-');
}

/** Where each row is an order, rows that say the same are still two orders: the second is `number#2`. */
async function* eachRow(table: Table, numberOf: (row: Row) => string | undefined) {
  const seen = new Map<string, number>();
  for await (const rows of table.rows()) {
    for (const row of rows) {
      const number = numberOf(row);
      const count = number === undefined ? 0 : (seen.get(number) ?? 0) + 1;
      if (number !== undefined) seen.set(count === 1 ? detached(number) : number, count);
      yield { key: count > 1 ? `${number}#${count}` : number, rows: [row] };
    }
  }
}

function toItem(orderId: string | undefined, rows: readonly Row[], reading: Reading): FileItem {
  const lines = rows.flatMap((row) => row.lines);
  const refuse = (problem: string): FileItem => ({ lines, problem, raw: rows.map(({ raw }) => raw).join('\n') });
  if (orderId === undefined) return refuse(rows[0]?.problem ?? 'the order number is empty');
  if (orderId.length > longestNumber) return refuse(`an order number has more than ${longestNumber} characters`);
  const excluded = reading.options.excludePrefixes.find((prefix) => startsWith(orderId, [prefix]));
  if (excluded !== undefined) return refuse(`left out: the order number begins with "${excluded}"`);
  try {
    return { lines, draft: toOrder(orderId, rows, reading) };
  } catch (error) {
    if (!(error instanceof Withheld)) throw error;
    return refuse(`${error.message}; order ${orderId} is withheld whole`);
  }
}
