import { open, unlink } from 'node:fs/promises';

/** A file under way: nobody takes it for a whole one before it is renamed. */
export interface Writing {
  readonly path: string;
  readonly unfinished: string;
  readonly value: string;
  readonly part: number;
  readonly bytes: number;
  readonly add: (line: string) => Promise<void>;
  readonly close: () => Promise<void>;
  readonly discard: () => Promise<void>;
}

interface Beginning {
  readonly value?: string;
  readonly part?: number;
  readonly heading?: string | undefined;
}

/** Only the owner reads them: hashes are personal data. */
const mode = 0o600;
const flushBytes = 1_000_000;

export async function begin(path: string, { value = '', part = 1, heading }: Beginning = {}): Promise<Writing> {
  const unfinished = `${path}.part`;
  const file = await open(unfinished, 'w', mode);
  let waiting = heading === undefined ? '' : `${heading}\n`;
  let bytes = waiting.length;
  const flush = async (): Promise<void> => {
    await file.writeFile(waiting);
    waiting = '';
  };
  return {
    path,
    unfinished,
    value,
    part,
    get bytes() {
      return bytes;
    },
    add: async (line) => {
      waiting += `${line}\n`;
      bytes += line.length + 1;
      if (waiting.length >= flushBytes) await flush();
    },
    close: async () => {
      await flush();
      await file.sync();
      await file.close();
    },
    discard: async () => {
      await file.close().catch(() => undefined);
      await unlink(unfinished).catch(() => undefined);
    },
  };
}
