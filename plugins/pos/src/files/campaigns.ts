import { type FileInput, type FileItem, type FileSource, file, UnusableFile } from '@enishi/plugin-sdk';
import { column, columnOf, instant, openTable, RowReader, requiredColumn, Withheld } from '@enishi/plugin-sdk/files';
import { z } from 'zod';
import { inChain, whoIs } from '../customer.ts';
import { campaignSent } from '../events/index.ts';
import { personOptions } from './receipt-options.ts';
import { eachRow, required, whoOf } from './rows.ts';

const options = z.object({
  ...personOptions,
  campaignId: column('campaign_id', 'キャンペーンID'),
  at: column('at', 'sent_at', '送付日').describe('Column that says when it was sent. Without it the calendar does.'),
  calendar: z
    .string()
    .optional()
    .describe('Name of a CSV file in the same folder, one campaign to a row: its id, when it began and ended, its type.'),
  startsOn: column('start_date', 'starts_on', '開始日').describe('Column of the calendar.'),
  endsOn: column('end_date', 'ends_on', '終了日').describe('Column of the calendar.'),
  campaignType: column('campaign_type', '種別').describe('Column of the calendar.'),
});
type Options = z.output<typeof options>;

export const campaignsFile = (settings: { chain: string | undefined }): FileSource =>
  file({
    description: 'Campaigns and whom they were sent to, as CSV, one person or household to a row.',
    options,
    read: (input, given) => readCampaigns(input, { ...given, chain: given.chain ?? settings.chain }),
  });

interface Campaign {
  readonly starts_on: string;
  readonly ends_on: string | undefined;
  readonly campaign_type: string | undefined;
}

async function* readCampaigns(input: FileInput, given: Options): AsyncIterable<FileItem> {
  const table = await openTable(input, given);
  const cells = new RowReader(table, given.timeZone);
  const calendar = given.calendar === undefined ? new Map<string, Campaign>() : await calendarIn(input.beside(given.calendar), given);
  const columns = {
    member: columnOf(table, given.member),
    household: columnOf(table, given.household),
    campaign: requiredColumn(table, given.campaignId),
    at: columnOf(table, given.at, given.calendar === undefined),
  };
  yield* eachRow(table, (row) => {
    const who = whoOf(row, cells, columns);
    const campaign_id = required(row, cells, { column: columns.campaign, name: 'the campaign' });
    const campaign = calendar.get(campaign_id);
    if (columns.at === undefined && campaign === undefined) throw new Withheld(`the calendar has no campaign "${campaign_id}"`);
    return campaignSent({
      id: inChain(given.chain, `campaign:${campaign_id}:${who.key}`),
      at: columns.at === undefined ? instant(campaign?.starts_on ?? '', given.timeZone) : cells.instant(row, columns.at),
      identifiers: whoIs(who, { chain: given.chain }),
      properties: { campaign_id, ...campaign },
    });
  });
}

/** A campaign at a wrong time would be wrong for everybody it was sent to, so a calendar must be right throughout. */
async function calendarIn(input: FileInput, given: Options): Promise<Map<string, Campaign>> {
  try {
    return await readCalendar(input, given);
  } catch (error) {
    if (error instanceof Withheld) throw new UnusableFile(`its calendar ${input.name} is wrong: ${error.message}`);
    throw error;
  }
}

async function readCalendar(input: FileInput, given: Options): Promise<Map<string, Campaign>> {
  const table = await openTable(input, { ...given, columns: undefined });
  const cells = new RowReader(table, given.timeZone);
  const columns = {
    id: requiredColumn(table, given.campaignId),
    start: requiredColumn(table, given.startsOn),
    end: columnOf(table, given.endsOn),
    type: columnOf(table, given.campaignType),
  };
  const calendar = new Map<string, Campaign>();
  for await (const rows of table.rows()) {
    for (const row of rows) {
      const id = cells.text(row, columns.id);
      if (id === undefined || row.problem !== undefined) continue;
      calendar.set(id, {
        starts_on: cells.day(row, columns.start),
        ends_on: columns.end === undefined || !cells.text(row, columns.end) ? undefined : cells.day(row, columns.end),
        campaign_type: cells.text(row, columns.type),
      });
    }
  }
  return calendar;
}
