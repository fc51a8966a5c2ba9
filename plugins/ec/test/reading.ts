import { ec } from '@enishi/plugin-ec';
import type { Draft, FileInput, FileItem, Source } from '@enishi/plugin-sdk';

export const sourcesOf = (config: Parameters<typeof ec>[0] = {}): Readonly<Record<string, Source>> =>
  ec(config).setup({ urlOf: (source) => `https://cdp.example/hooks/ec/${source}` }).sources ?? {};

export const fileOf = (content: string | Uint8Array): FileInput => ({
  name: 'test.csv',
  async *open() {
    yield typeof content === 'string' ? Buffer.from(content) : content;
  },
  beside: () => fileOf(''),
});

/** What a file source makes of a file. */
export async function read(source: string, content: string | Uint8Array, options: Record<string, unknown> = {}): Promise<FileItem[]> {
  const file = sourcesOf()[source];
  if (file?.kind !== 'file') throw new Error(`no file source ${source}`);
  const items: FileItem[] = [];
  for await (const item of file.read(fileOf(content), file.options.parse(options) as never)) items.push(item);
  return items;
}

export const draftsIn = (items: readonly FileItem[]): Draft[] => items.flatMap((item) => ('draft' in item ? [item.draft] : []));
export const problemsIn = (items: readonly FileItem[]): { lines: readonly number[]; problem: string; raw: string }[] =>
  items.flatMap((item) => ('draft' in item ? [] : [item]));

/** As the line stores it: `undefined` is not there. */
export const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
