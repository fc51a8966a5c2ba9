import { type FileInput, type FileItem, type FileSource, file, type TraitValue } from '@enishi/plugin-sdk';
import { column, columnOf, instant, moment, openTable, RowReader, requiredColumn } from '@enishi/plugin-sdk/files';
import { z } from 'zod';
import { inChain, whoIs } from '../customer.ts';
import { memberUpdated } from '../events/index.ts';
import { personOptions } from './receipt-options.ts';
import { eachRow, fingerprint, whoOf } from './rows.ts';

const options = z.object({
  ...personOptions,
  phone: column('phone', '電話番号'),
  email: column('email', 'メールアドレス'),
  updatedAt: column('updated_at', '更新日', '更新日時'),
  asOf: moment.optional().describe('When the file was made, such as 2026-11-21, for rows that carry no date of their own.'),
  traits: z
    .record(z.string(), z.string())
    .default({})
    .describe('Which column holds which trait, in an options file: { "pos.ageBand": "age", "lastName": "姓" }.'),
});

export const membersFile = (settings: { chain: string | undefined }): FileSource =>
  file({
    description: 'Members or households as the till system knows them, as CSV, one to a row.',
    options,
    read: (input, given) => readMembers(input, { ...given, chain: given.chain ?? settings.chain }),
  });

async function* readMembers(input: FileInput, given: z.output<typeof options>): AsyncIterable<FileItem> {
  const table = await openTable(input, given);
  const cells = new RowReader(table, given.timeZone);
  const columns = {
    member: columnOf(table, given.member),
    household: columnOf(table, given.household),
    phone: columnOf(table, given.phone),
    email: columnOf(table, given.email),
    updatedAt: columnOf(table, given.updatedAt, given.asOf === undefined),
  };
  const traits = Object.entries(given.traits).map(([trait, name]) => ({
    trait,
    column: requiredColumn(table, { named: [name], usual: [] }),
  }));
  const asOf = given.asOf === undefined ? undefined : instant(given.asOf, given.timeZone);
  yield* eachRow(table, (row) => {
    const who = whoOf(row, cells, columns);
    const at = asOf ?? cells.instant(row, columns.updatedAt ?? -1);
    return memberUpdated({
      // The row itself is part of the id: the same export again is a duplicate, a changed row is news.
      id: inChain(given.chain, `${who.key}:${at.toISOString()}:${fingerprint(row.raw)}`),
      at,
      identifiers: whoIs({ ...who, phone: cells.text(row, columns.phone), email: cells.text(row, columns.email) }, { chain: given.chain }),
      properties: { member: who.member, household: who.household },
      traits: traits.flatMap(({ trait, column }): TraitValue[] => {
        const value = cells.text(row, column);
        return value === undefined ? [] : [{ trait, value }];
      }),
    });
  });
}
