import { createHash } from 'node:crypto';
import {
  type ConsentDecision,
  type Draft,
  type FileInput,
  type FileItem,
  type FileSource,
  file,
  type TraitValue,
} from '@enishi/plugin-sdk';
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
    for (const row of rows) yield toItem(row, reading);
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

function toItem(row: Row, reading: Reading): FileItem {
  try {
    if (row.problem !== undefined) throw new Withheld(row.problem);
    return { lines: row.lines, draft: toDraft(row, reading) };
  } catch (error) {
    if (!(error instanceof Withheld)) throw error;
    return { lines: row.lines, raw: row.raw, problem: error.message };
  }
}

function toDraft(row: Row, reading: Reading): Draft {
  const { cells, columns, options } = reading;
  const account = traits.accountId(identifier(cells.text(row, columns.customerId) ?? ''));
  if (account === undefined) throw new Withheld('the account id is empty');
  const known = traits.inShop(options.shop, account);
  const registered =
    columns.registeredAt === undefined || !cells.text(row, columns.registeredAt) ? undefined : cells.instant(row, columns.registeredAt);
  const updated =
    columns.updatedAt === undefined || !cells.text(row, columns.updatedAt) ? undefined : cells.instant(row, columns.updatedAt);
  const asOf = updated ?? (options.asOf === undefined ? undefined : instant(options.asOf, options.timeZone));
  const at = asOf ?? registered;
  if (at === undefined) throw new Withheld('it has no date: name a column with registeredAt or updatedAt, or give asOf');
  const draft = {
    at,
    identifiers: {
      'ec.customer': known,
      member: cells.text(row, columns.member),
      email: cells.text(row, columns.email),
      phone: cells.text(row, columns.phone),
    },
    properties: { customer_id: account, affiliation: options.shop },
    traits: traitsOf(row, reading),
    consents: consentsOf(row, reading),
  };
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

const yes = /^(?:1|true|yes|y|on|希望する|受け取る|購読|可|○)$/i;
const no = /^(?:0|false|no|n|off|希望しない|受け取らない|不可|×)$/i;

function consentsOf(row: Row, { cells, columns }: Reading): ConsentDecision[] {
  const answer = cells.text(row, columns.emailOptIn);
  const state = answer === undefined ? undefined : yes.test(answer) ? 'GIVEN' : no.test(answer) ? 'REFUSED' : undefined;
  if (state === undefined) return [];
  return [{ purpose: 'marketing', channel: 'email', state, evidence: { file: 'ec.customers', line: row.lines[0], answer } }];
}
