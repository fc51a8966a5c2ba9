import { pos } from '@enishi/plugin-pos';
import type { Draft, FileInput, FileItem, Source } from '@enishi/plugin-sdk';

export const sourcesOf = (config: Parameters<typeof pos>[0] = {}): Readonly<Record<string, Source>> =>
  pos(config).setup({ urlOf: (source) => `https://cdp.example/hooks/pos/${source}` }).sources ?? {};

type Content = string | Uint8Array;

export const fileOf = (content: Content, neighbours: Readonly<Record<string, string>> = {}): FileInput => ({
  name: 'test.csv',
  async *open() {
    yield typeof content === 'string' ? Buffer.from(content) : content;
  },
  beside: (name) => fileOf(neighbours[name] ?? ''),
});

/** What a file source makes of a file, or of a file and those beside it. */
export async function read(source: string, content: Content | FileInput, options: Record<string, unknown> = {}): Promise<FileItem[]> {
  const file = sourcesOf()[source];
  if (file?.kind !== 'file') throw new Error(`no file source ${source}`);
  const input = typeof content === 'string' || content instanceof Uint8Array ? fileOf(content) : content;
  const items: FileItem[] = [];
  for await (const item of file.read(input, file.options.parse(options) as never)) items.push(item);
  return items;
}

export const draftsIn = (items: readonly FileItem[]): Draft[] => items.flatMap((item) => ('draft' in item ? [item.draft] : []));
export const problemsIn = (items: readonly FileItem[]): { lines: readonly number[]; problem: string; raw: string }[] =>
  items.flatMap((item) => ('draft' in item ? [] : [item]));

/** As the line stores it: `undefined` is not there. */
export const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
