import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';
import { decodeUtf8 } from '../http/body.ts';
import { Refusal } from '../http/errors.ts';

const invalid = (message: string): Refusal => new Refusal(400, 'INVALID_BODY', { message });

/** The body by its content type: JSON, a form, the simple fields of a multipart form; anything else as JSON if it is, else as text. */
export async function parseHookBody(body: Uint8Array, contentType: string | undefined): Promise<unknown> {
  if (body.length === 0) return undefined;
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'multipart/form-data') return fieldsOf(body, contentType ?? '');
  const text = decodeUtf8(body);
  if (text === undefined) throw new Refusal(400, 'INVALID_UTF8', { message: 'The body is not valid UTF-8.' });
  if (type === 'application/x-www-form-urlencoded') return gathered(new URLSearchParams(text));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (type === 'application/json' || type.endsWith('+json')) throw new Refusal(400, 'INVALID_JSON', { message: 'The body is not JSON.' });
    return text;
  }
}

/** A name that comes more than once becomes a list. */
function gathered(pairs: Iterable<[string, string]>): Record<string, string | string[]> {
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of pairs) {
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(fields);
}

/** Files in the form are skipped: no webhook of ours takes any. */
async function fieldsOf(body: Uint8Array, contentType: string): Promise<Record<string, string | string[]>> {
  const pairs: [string, string][] = [];
  try {
    const form = new Busboy({ headers: { 'content-type': contentType }, limits: { fields: 1000, parts: 1100 } });
    form.on('field', (name, value) => void pairs.push([name, value]));
    form.on('file', (_name, file) => void file.resume());
    await pipeline(Readable.from([body]), form);
  } catch {
    throw invalid('The body is not the multipart form its content type says.');
  }
  return gathered(pairs);
}
