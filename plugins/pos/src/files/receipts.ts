import { type FileInput, type FileItem, type FileSource, file } from '@enishi/plugin-sdk';
import { documents, groups, isNdjson, openTable, type Row, RowReader, Withheld } from '@enishi/plugin-sdk/files';
import { dayProblem } from '../clock.ts';
import { receipt, toDraft } from '../receipt.ts';
import { receiptColumns } from './receipt-columns.ts';
import { ReceiptKeys } from './receipt-keys.ts';
import { type ReceiptOptions, receiptOptions } from './receipt-options.ts';
import { type Reading, toReceipt } from './receipt-rows.ts';

export const receiptsFile = (settings: { chain: string | undefined }): FileSource =>
  file({
    description: 'Receipt lines as CSV (one event per receipt, wherever in the file its lines stand), or receipts as NDJSON.',
    options: receiptOptions,
    read: (input, options) => readReceipts(input, { ...options, chain: options.chain ?? settings.chain }),
  });

async function* readReceipts(input: FileInput, options: ReceiptOptions): AsyncIterable<FileItem> {
  if (options.format === 'ndjson' || (options.format === 'auto' && (await isNdjson(input)))) {
    yield* readDocuments(input, options.chain);
    return;
  }
  const table = await openTable(input, options);
  const reading: Reading = { columns: receiptColumns(table, options), cells: new RowReader(table, options.timeZone), options };
  const keys = new ReceiptKeys(reading.cells, reading.columns);
  for await (const { key, rows } of groups(table, (row) => keys.keyOf(row))) {
    yield toItem(rows, reading, key === undefined ? 'store or receipt number is empty' : problemOf(rows, keys.isDamaged(key)));
  }
}

function problemOf(rows: readonly Row[], damaged: boolean): string | undefined {
  const broken = rows.find(({ problem }) => problem !== undefined);
  if (broken) return `line ${broken.lines[0]}: ${broken.problem}; its receipt is withheld whole`;
  return damaged ? 'a line of this receipt has no readable date; it is withheld whole' : undefined;
}

function toItem(rows: readonly Row[], reading: Reading, problem: string | undefined): FileItem {
  const lines = rows.flatMap((row) => row.lines);
  const refuse = (why: string): FileItem => ({ lines, problem: why, raw: rows.map(({ raw }) => raw).join('\n') });
  if (problem !== undefined) return refuse(rows.length === 1 ? (rows[0]?.problem ?? problem) : problem);
  const kinds = rows.map((row) => reading.cells.text(row, reading.columns.kind));
  const ignored = kinds.find((kind) => kind !== undefined && reading.options.ignoreWords.includes(kind));
  if (ignored !== undefined) return refuse(`left out: "${ignored}" is no sale`);
  try {
    return { lines, draft: toReceipt(rows, reading) };
  } catch (error) {
    if (!(error instanceof Withheld)) throw error;
    return refuse(rows.length === 1 ? error.message : `${error.message}; its receipt is withheld whole`);
  }
}

async function* readDocuments(input: FileInput, chain: string | undefined): AsyncIterable<FileItem> {
  for await (const { lines, raw, value, problem } of documents(input)) {
    if (problem !== undefined) {
      yield { lines, raw, problem };
      continue;
    }
    const parsed = receipt.safeParse(value);
    if (!parsed.success) {
      yield { lines, raw, problem: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') };
      continue;
    }
    const draft = toDraft(parsed.data, chain);
    const wrongClock = parsed.data.business_day === undefined ? undefined : dayProblem(draft.at, parsed.data.business_day);
    yield wrongClock === undefined ? { lines, draft } : { lines, raw, problem: wrongClock };
  }
}
