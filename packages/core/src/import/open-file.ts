import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type FileInput, UnusableFile } from '@enishi/plugin-sdk';

export interface Watch {
  /** Bytes of the file on disk that this pass has read. */
  readonly onBytes?: (bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
}

const chunkSize = 256 * 1024;

/** A file on this machine, inflated where it begins as gzip does, whatever its name says. */
export function openFile(path: string, watch: Watch = {}): FileInput {
  return {
    name: basename(path),
    open: () => read(path, watch),
    beside: (name) => {
      // An options file comes from somebody else: it must not reach files outside the folder of the import.
      if (basename(name) !== name) throw new UnusableFile(`"${name}" must be the name of a file in the same folder`);
      return openFile(join(dirname(path), name), { signal: watch.signal });
    },
  };
}

async function* read(path: string, watch: Watch): AsyncIterable<Uint8Array> {
  try {
    const raw = createReadStream(path, { highWaterMark: chunkSize });
    if (!(await isGzip(path))) {
      yield* counted(raw, watch);
      return;
    }
    const inflated = createGunzip({ chunkSize });
    pipeline(counted(raw, watch), inflated, () => {});
    yield* inflated;
  } catch (error) {
    throw explained(error, path);
  }
}

async function* counted(raw: Readable, { onBytes, signal }: Watch): AsyncIterable<Uint8Array> {
  let bytes = 0;
  onBytes?.(0);
  for await (const chunk of raw as AsyncIterable<Uint8Array>) {
    signal?.throwIfAborted();
    bytes += chunk.byteLength;
    onBytes?.(bytes);
    yield chunk;
  }
}

async function isGzip(path: string): Promise<boolean> {
  await using handle = await open(path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
}

function explained(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return new UnusableFile(`there is no file ${path}`);
  if (code === 'EISDIR') return new UnusableFile(`${path} is a folder`);
  if (code === 'EACCES') return new UnusableFile(`${path} may not be read by this user`);
  if (code.startsWith('Z_')) return new UnusableFile(`its compressed data is damaged (${code})`);
  return error;
}
