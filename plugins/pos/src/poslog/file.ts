import { type FileInput, type FileItem, type FileSource, file, Unreadable } from '@enishi/plugin-sdk';
import { list, tableOptions } from '@enishi/plugin-sdk/files';
import { z } from 'zod';
import { chain } from '../files/receipt-options.ts';
import { type Element, elements } from './elements.ts';
import { type PoslogOptions, toDraft } from './transaction.ts';

const options = z.object({
  chain,
  timeZone: tableOptions.timeZone,
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('JPY'),
  totals: list
    .default(['TransactionGrandAmount', 'TransactionGrossAmount', 'TransactionNetAmount'])
    .describe('Which `TotalType` is what was paid; the first that is there. Without any the lines are added up.'),
});

export const poslogFile = (settings: { chain: string | undefined }): FileSource =>
  file({
    description: 'Till journals as POSLog XML (ARTS, OMG Retail): one event per retail transaction.',
    options,
    read: (input, given) => readPoslog(input, { ...given, chain: given.chain ?? settings.chain }),
  });

async function* readPoslog(input: FileInput, given: PoslogOptions): AsyncIterable<FileItem> {
  for await (const found of elements(input, 'Transaction')) {
    if ('broken' in found) {
      yield { lines: [found.line], problem: `no XML from here on, nothing after it was read: ${found.broken}`, raw: '' };
      return;
    }
    const item = toItem(found.element, found.lastLine, given);
    if (item !== undefined) yield item;
  }
}

function toItem(element: Element, lastLine: number, given: PoslogOptions): FileItem | undefined {
  const lines = Array.from({ length: lastLine - element.line + 1 }, (_, index) => element.line + index);
  try {
    const draft = toDraft(element, given);
    return draft && { lines, draft };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { lines, problem: error.message, raw: JSON.stringify(element) };
  }
}
