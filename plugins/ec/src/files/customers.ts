import { createHash } from 'node:crypto';
import { type Draft, type FileInput, type FileItem, type FileSource, file, type TraitValue } from '@enishi/plugin-sdk';
import {
  type ColumnChoice,
  calendarDay,
  columnOf,
  identifier,
  instant,
  isNdjson,
  openTable,
  type Row,
  RowReader,
  type Table,
  toNumber,
  Withheld,
} from '@enishi/plugin-sdk/files';
import * as traits from '../customer.ts';
import { customerRegistered, customerUpdated } from '../events/index.ts';
import { type CustomerOptions, customerOptions } from './customer-options.ts';
import { mailDecision } from './mail-decision.ts';
import { messagesIn } from './messages.ts';

export const customersFile = (settings: { shop: string | undefined }): FileSource =>
  file({
    description: 'Accounts of the shop as CSV, one to a row, or the messages of the webhook as NDJSON.',
    options: customerOptions,
    read: (input, options) => readCustomers(input, { ...options, shop: options.shop ?? settings.shop }),
  });

async function* readCustomers(input: FileInput, options: CustomerOptions): AsyncIterable<FileItem> {
  if (options.format === 'ndjson' || (options.format === 'auto' && (await isNdjson(input)))) {
    yield* messagesIn(input, options.shop);
    return;
  }
  const table = await openTable(input, options);
  const reading: Reading = { columns: columnsOf(table, options), cells: new RowReader(table, options.timeZone), options };
  for await (const rows of table.rows()) {
    for (const row of rows) yield* toItems(row, reading);
  }
}

type Column = { [TKey in keyof CustomerOptions]-?: CustomerOptions[TKey] extends ColumnChoice ? TKey : never }[keyof CustomerOptions];

interface Reading {
  readonly columns: Readonly<Record<Column, number | undefined>>;
  readonly cells: RowReader;
  readonly options: CustomerOptions;
}

function columnsOf(table: Table, options: CustomerOptions): Reading['columns'] {
  const find = (name: Column): number | undefined => columnOf(table, options[name], name === 'customerId');
  return Object.fromEntries(columnNames.map((name) => [name, find(name)])) as Reading['columns'];
}

const columnNames = [
  'customerId',
  'registeredAt',
  'updatedAt',
  'member',
  'email',
  'phone',
  'lastName',
  'firstName',
  'lastNameKana',
  'firstNameKana',
  'birthday',
  'gender',
  'postalCode',
  'prefecture',
  'city',
  'street',
  'country',
  'points',
  'totalSpent',
  'emailOptIn',
] as const satisfies readonly Column[];

function toItems(row: Row, reading: Reading): FileItem[] {
  try {
    if (row.problem !== undefined) throw new Withheld(row.problem);
    const seen = accountIn(row, reading);
    const answer = reading.cells.text(row, reading.columns.emailOptIn);
    // First, because a yes never overrules the no of somebody it was tied to in the same moment. Its line is counted with the account.
    const decided = mailDecision({ ...seen, line: row.lines[0], answer }).map((draft) => ({ lines: [], draft }));
    return [...decided, { lines: row.lines, draft: toDraft(row, seen, reading) }];
  } catch (error) {
    if (!(error instanceof Withheld)) throw error;
    return [{ lines: row.lines, raw: row.raw, problem: error.message }];
  }
}

type Seen = ReturnType<typeof accountIn>;

/** Whose row it is, and of when. */
function accountIn(row: Row, { cells, columns, options }: Reading) {
  const account = traits.accountId(identifier(cells.text(row, columns.customerId) ?? ''));
  if (account === undefined) throw new Withheld('the account id is empty');
  const known = traits.inShop(options.shop, account);
  const dateIn = (column: number | undefined): Date | undefined =>
    column === undefined || !cells.text(row, column) ? undefined : cells.instant(row, column);
  const [registered, updated] = [dateIn(columns.registeredAt), dateIn(columns.updatedAt)];
  const exported = options.asOf === undefined ? undefined : instant(options.asOf, options.timeZone);
  const asOf = updated ?? exported;
  const at = asOf ?? registered;
  const answeredBy = updated ?? registered ?? exported;
  if (at === undefined || answeredBy === undefined)
    throw new Withheld('it has no date: name a column with registeredAt or updatedAt, or give asOf');
  return {
    known,
    at,
    asOf,
    answeredBy,
    identifiers: {
      'ec.customer': known,
      member: cells.text(row, columns.member),
      email: cells.text(row, columns.email),
      phone: cells.text(row, columns.phone),
    },
    properties: { customer_id: account, affiliation: options.shop },
  };
}

function toDraft(row: Row, { known, at, asOf, identifiers, properties }: Seen, reading: Reading): Draft {
  const draft = { at, identifiers, properties, traits: traitsOf(row, reading) };
  if (asOf === undefined) return customerRegistered({ ...draft, id: `customer:${known}:registered` });
  // The row itself is part of the id: the same export again is a duplicate, a changed row is news.
  const state = createHash('sha256').update(row.raw).digest('hex').slice(0, 16);
  return customerUpdated({ ...draft, id: `customer:${known}:updated:${at.toISOString()}:${state}` });
}

function traitsOf(row: Row, { cells, columns }: Reading): TraitValue[] {
  const text = (name: Column): string | undefined => cells.text(row, columns[name]);
  const number = (column: number | undefined): number | undefined =>
    column === undefined || cells.text(row, column) === undefined ? undefined : toNumber(cells.amount(row, column));
  const born = columns.birthday === undefined || text('birthday') === undefined ? undefined : localDay(text('birthday') ?? '');
  const address = {
    country: text('country'),
    postalCode: text('postalCode'),
    state: text('prefecture'),
    city: text('city'),
    street: text('street'),
  };
  const observed: (TraitValue | undefined)[] = [
    observe(traits.lastName, text('lastName')),
    observe(traits.firstName, text('firstName')),
    observe(traits.lastNameKana, text('lastNameKana')),
    observe(traits.firstNameKana, text('firstNameKana')),
    observe(traits.birthday, born),
    observe(traits.gender, text('gender')),
    observe(traits.postalCode, text('postalCode')),
    observe(traits.prefecture, text('prefecture')),
    observe(traits.points, number(columns.points)),
    observe(traits.totalSpent, number(columns.totalSpent)),
    Object.values(address).some((part) => part !== undefined) ? traits.address(address) : undefined,
  ];
  return observed.filter((value) => value !== undefined);
}

const observe = <TValue>(trait: (value: TValue) => TraitValue, value: TValue | undefined): TraitValue | undefined =>
  value === undefined ? undefined : trait(value);

/** An unreadable birthday is passed over, the customer is kept. */
function localDay(text: string): string | undefined {
  try {
    return calendarDay(text);
  } catch {
    return undefined;
  }
}
