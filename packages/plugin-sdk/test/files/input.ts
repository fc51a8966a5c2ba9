import type { FileInput } from '@enishi/plugin-sdk';

/** A file in memory, handed out in chunks of any size: characters, line ends and quotes are cut wherever it hurts. */
export function fileOf(content: string | Uint8Array, chunkSize = 65_536): FileInput & { opened: number } {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const file = {
    name: 'test.csv',
    opened: 0,
    async *open() {
      file.opened += 1;
      for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize);
    },
    beside: () => file,
  };
  return file;
}

export async function all<TItem>(items: AsyncIterable<TItem>): Promise<TItem[]> {
  const found: TItem[] = [];
  for await (const item of items) found.push(item);
  return found;
}
