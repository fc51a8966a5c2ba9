import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, inflateBody } from '../../src/http/body.ts';

const text = Buffer.from('{"ok":true}');

describe('bodies', () => {
  it.each([
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', text],
    [undefined, text],
  ])('%s is undone', async (encoding, body) => {
    expect(await inflateBody(body, encoding, 1000)).toEqual(text);
  });

  it('a bomb is given up early', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    await expect(inflateBody(bomb, 'gzip', 1_000_000)).rejects.toMatchObject({ statusCode: 413 });
  });

  it('what is not what it says is never valid', async () => {
    await expect(inflateBody(text, 'gzip', 1000)).rejects.toMatchObject({ statusCode: 400 });
    await expect(inflateBody(text, 'zip', 1000)).rejects.toMatchObject({ statusCode: 415 });
  });

  it('only UTF-8 is text', () => {
    expect(decodeUtf8(Buffer.from('縁'))).toBe('縁');
    expect(decodeUtf8(Buffer.from([0x89, 0x8f]))).toBeUndefined();
  });
});
