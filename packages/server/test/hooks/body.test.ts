import { describe, expect, it } from 'vitest';
import { parseHookBody } from '../../src/hooks/body.ts';

const parse = (text: string | Buffer, type?: string) => parseHookBody(Buffer.from(text), type);

describe('the body of a webhook', () => {
  it('is JSON, a form or text by its content type', async () => {
    expect(await parse('{"a":1}', 'application/json; charset=utf-8')).toEqual({ a: 1 });
    expect(await parse('{"a":1}', 'application/vnd.shop+json')).toEqual({ a: 1 });
    expect(await parse('a=1&b=x%20y&a=2', 'application/x-www-form-urlencoded')).toEqual({ a: ['1', '2'], b: 'x y' });
    expect(await parse('{"a":1}')).toEqual({ a: 1 });
    expect(await parse('hello', 'text/plain')).toBe('hello');
    expect(await parse('')).toBeUndefined();
  });

  it('may be a multipart form', async () => {
    const form = new FormData();
    form.append('List-Unsubscribe', 'One-Click');
    form.append('file', new Blob(['skipped']), 'a.txt');
    const request = new Request('http://x', { method: 'POST', body: form });
    const body = Buffer.from(await request.arrayBuffer());
    expect(await parse(body, request.headers.get('content-type') ?? '')).toEqual({ 'List-Unsubscribe': 'One-Click' });
  });

  it('is refused where it is not what it says', async () => {
    await expect(parse('{', 'application/json')).rejects.toMatchObject({ statusCode: 400, code: 'INVALID_JSON' });
    await expect(parse('a', 'multipart/form-data')).rejects.toMatchObject({ statusCode: 400, code: 'INVALID_BODY' });
    await expect(parse(Buffer.from([0xff, 0xfe]), 'application/json')).rejects.toMatchObject({ code: 'INVALID_UTF8' });
  });
});
