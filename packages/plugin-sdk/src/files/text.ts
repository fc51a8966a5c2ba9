import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { type FileInput, UnusableFile } from '../file.ts';

export type Encoding = 'utf-8' | 'cp932';

/** One physical line. Where its bytes could not be decoded, `problem` says so and `text` holds the legible part. */
export interface Line {
  readonly number: number;
  readonly text: string;
  readonly problem?: string;
}

const newline = 10;
/** A file without line ends must not be taken into memory whole. */
const longestLine = 1024 * 1024;

/**
 * Which of the two encodings Japanese exports come in this one is. A BOM decides; otherwise the lines vote: text of CP932 is
 * almost never valid UTF-8, so a UTF-8 file with a few damaged lines stays UTF-8 instead of turning into garbage as a whole.
 */
export async function encodingOf(file: FileInput): Promise<Encoding> {
  let utf8 = 0;
  let other = 0;
  let start = true;
  for await (const block of blocks(file)) {
    if (start && hasBom(block)) return 'utf-8';
    if (start && isUtf16(block)) throw new UnusableFile('it is UTF-16: save it as UTF-8 or as Shift_JIS (CP932)');
    start = false;
    if (isAscii(block)) continue;
    for (const line of byteLines(block)) {
      if (isAscii(line)) continue;
      if (isUtf8(line)) utf8 += 1;
      else other += 1;
    }
  }
  return other > utf8 ? 'cp932' : 'utf-8';
}

/** The lines of a file, a block at a time: one asynchronous step per line would cost more than reading it. */
export async function* linesOf(file: FileInput, encoding: Encoding): AsyncIterable<readonly Line[]> {
  let number = 0;
  for await (const block of blocks(file)) {
    const bytes = number === 0 && hasBom(block) ? block.subarray(3) : block;
    const lines = decode(bytes, encoding).map((line): Line => {
      number += 1;
      return typeof line === 'string' ? checked(number, line) : { number, text: line.legible, problem: line.problem };
    });
    yield lines;
  }
}

/** Pieces that end with a line end, so that no character and no line is ever cut in two. */
async function* blocks(file: FileInput): AsyncIterable<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of file.open()) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const end = bytes.lastIndexOf(newline) + 1;
    if (end === 0) {
      if (rest.length <= longestLine) rest = Buffer.concat([rest, bytes]);
      continue;
    }
    yield Buffer.concat([rest, bytes.subarray(0, end)]);
    rest = Buffer.from(bytes.subarray(end));
  }
  if (rest.length > 0) yield rest;
}

function decode(block: Buffer, encoding: Encoding): (string | { legible: string; problem: string })[] {
  const whole = encoding === 'utf-8' ? (isUtf8(block) ? block.toString('utf8') : undefined) : fromCp932(block);
  if (whole !== undefined) return whole.slice(0, whole.endsWith('\n') ? -1 : undefined).split('\n');
  return [...byteLines(block)].map((line) => {
    const text = encoding === 'utf-8' ? (isUtf8(line) ? line.toString('utf8') : undefined) : fromCp932(line);
    if (text !== undefined) return text;
    const legible = encoding === 'utf-8' ? line.toString('utf8') : iconv.decode(line, 'cp932');
    return { legible, problem: `not valid ${encoding === 'utf-8' ? 'UTF-8' : 'CP932'} text` };
  });
}

function fromCp932(bytes: Buffer): string | undefined {
  const text = iconv.decode(bytes, 'cp932');
  return text.includes('\ufffd') ? undefined : text;
}

function* byteLines(block: Buffer): Iterable<Buffer> {
  let start = 0;
  while (start < block.length) {
    const end = block.indexOf(newline, start);
    yield block.subarray(start, end < 0 ? block.length : end);
    start = end < 0 ? block.length : end + 1;
  }
}

function checked(number: number, raw: string): Line {
  const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
  if (text.length > longestLine) return { number, text: text.slice(0, 1000), problem: 'a line longer than 1 MiB' };
  return { number, text };
}

const hasBom = (bytes: Buffer): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
const isUtf16 = (bytes: Buffer): boolean => (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
