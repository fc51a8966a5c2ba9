import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { Refusal } from './errors.ts';

const strict = new TextDecoder('utf-8', { fatal: true });
const loose = new TextDecoder('utf-8');

/** The text, or `undefined` where the bytes are not UTF-8. A byte-order mark is dropped. */
export function decodeUtf8(body: Uint8Array): string | undefined {
  try {
    return strict.decode(body);
  } catch {
    return undefined;
  }
}

/** The text with U+FFFD in place of what is not UTF-8. */
export const decodeLoosely = (body: Uint8Array): string => loose.decode(body);

const zlibHeader = (body: Uint8Array): boolean => ((body[0] ?? 0) & 0x0f) === 8 && ((body[0] ?? 0) * 256 + (body[1] ?? 0)) % 31 === 0;

const inflaters: Readonly<Record<string, (body: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  // "deflate" means zlib by the standard and raw deflate by habit.
  deflate: (body, options) => (zlibHeader(body) ? promisify(inflate) : promisify(inflateRaw))(body, options),
};

/** Undoes `Content-Encoding`, giving up as soon as more than `most` bytes come out: a bomb of kilobytes must not become gigabytes. */
export async function inflateBody(body: Buffer, encoding: string | undefined, most: number): Promise<Buffer> {
  const name = encoding?.trim().toLowerCase() || 'identity';
  if (name === 'identity' || body.length === 0) return body;
  const decode = inflaters[name];
  if (decode === undefined) throw new Refusal(415, 'UNSUPPORTED_ENCODING', { message: 'Send gzip, deflate, br or no Content-Encoding.' });
  try {
    return await decode(body, { maxOutputLength: most });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new Refusal(413, 'BODY_TOO_LARGE', { message: `The body is larger than ${most} bytes after inflation.` });
    throw new Refusal(400, 'INVALID_ENCODING', { message: `The body is not ${name}.` });
  }
}

/** Hands every body over as bytes, whatever its content type says: a signature is checked on them, or a client mislabels its JSON. */
export const rawBody = { parseAs: 'buffer' } as const;
