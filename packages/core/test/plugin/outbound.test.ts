import type { LookupFunction } from 'node:net';
import { gzipSync } from 'node:zlib';
import { HostRefused } from '@enishi/plugin-sdk';
import { expect, it } from 'vitest';
import { outboundOf } from '../../src/plugin/outbound.ts';
import { startVendor, textOf } from './vendor.ts';

const forever = new AbortController().signal;

/** A resolver that answers what it is told, in turn; the last for ever. */
const resolving =
  (...answers: string[]): LookupFunction =>
  (_name, _options, done) => {
    const address = answers.length > 1 ? (answers.shift() ?? '') : (answers[0] ?? '');
    done(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
  };

async function outbound(hosts: readonly string[], lookup?: LookupFunction) {
  const way = outboundOf({ plugin: 'shop', hosts, ...(lookup ? { lookup } : {}) });
  return { fetch: way.fetch(forever), [Symbol.asyncDispose]: way.close };
}

it('sends what it is given and answers like the global one', async () => {
  await using vendor = await startVendor(async (request, response) => {
    response.setHeader('x-got', `${request.method} ${request.headers['content-type']}`).end(await textOf(request));
  });
  await using way = await outbound([vendor.host]);
  const answer = await way.fetch(`${vendor.url}/orders?a=1`, { method: 'POST', body: new URLSearchParams({ q: 'お茶' }) });
  expect(answer.ok).toBe(true);
  expect(answer.url).toBe(`${vendor.url}/orders?a=1`);
  expect(answer.headers.get('x-got')).toMatch(/^POST application\/x-www-form-urlencoded/);
  expect(await answer.text()).toBe(new URLSearchParams({ q: 'お茶' }).toString());
});

it('reaches no host that was not declared, and says which', async () => {
  await using vendor = await startVendor((_request, response) => void response.end('secret'));
  await using way = await outbound(['api.vendor.example']);
  await expect(way.fetch(vendor.url)).rejects.toThrow(HostRefused);
  await expect(way.fetch(vendor.url)).rejects.toThrow(`Plugin "shop" does not declare http://${vendor.host}.`);
});

it('follows no redirect away from the declared hosts', async () => {
  await using inside = await startVendor((_request, response) => void response.end('inside'));
  await using vendor = await startVendor((_request, response) => void response.writeHead(302, { location: inside.url }).end());
  await using way = await outbound([vendor.host]);
  await expect(way.fetch(vendor.url)).rejects.toThrow(HostRefused);
});

it('follows redirects between declared hosts, leaving at the first what proves who we are', async () => {
  await using second = await startVendor(async (request, response) => {
    response.end(JSON.stringify({ method: request.method, by: request.headers.authorization, body: await textOf(request) }));
  });
  await using first = await startVendor((request, response) => {
    response.writeHead(request.url === '/see-other' ? 303 : 307, { location: second.url }).end();
  });
  await using way = await outbound([first.host, second.host]);
  const send = async (path: string) =>
    (await way.fetch(first.url + path, { method: 'POST', body: 'tea', headers: { authorization: 'Bearer t' } })).json();
  expect(await send('/again')).toEqual({ method: 'POST', body: 'tea' });
  expect(await send('/see-other')).toEqual({ method: 'GET', body: '' });
});

it('ends a round of redirects after five', async () => {
  let asked = 0;
  await using vendor = await startVendor((_request, response) => {
    asked += 1;
    response.writeHead(302, { location: '/again' }).end();
  });
  await using way = await outbound([vendor.host]);
  await expect(way.fetch(vendor.url)).rejects.toThrow(TypeError);
  expect(asked).toBe(6);
});

it.each(['127.0.0.1', '10.0.0.7', '::1', '::ffff:192.168.1.1', '169.254.169.254'])(
  'a name under a wildcard that leads to %s is refused when the connection is made',
  async (address) => {
    await using way = await outbound(['*.vendor.example'], resolving(address));
    await expect(way.fetch('https://api.vendor.example/')).rejects.toThrow(HostRefused);
  },
);

it('a name is resolved once, by the connection that is judged: it cannot change its answer in between', async () => {
  let asked = 0;
  const turning: LookupFunction = (_name, _options, done) => {
    asked += 1;
    done(null, [{ address: asked === 1 ? '127.0.0.1' : '203.0.113.1', family: 4 }]);
  };
  await using way = await outbound(['*.vendor.example'], turning);
  await expect(way.fetch('https://api.vendor.example/')).rejects.toThrow(HostRefused);
  expect(asked).toBe(1);
});

it('the metadata service is never reached, not even declared', async () => {
  await using way = await outbound(['169.254.169.254:80', 'metadata.example:80'], resolving('169.254.169.254'));
  await expect(way.fetch('http://169.254.169.254/latest/meta-data')).rejects.toThrow(HostRefused);
  await expect(way.fetch('http://metadata.example/')).rejects.toThrow(HostRefused);
});

it('an exactly declared name may lie on the own network', async () => {
  await using vendor = await startVendor((_request, response) => void response.end('till'));
  await using way = await outbound([`till.intern.example:${vendor.port}`], resolving('127.0.0.1'));
  expect(await (await way.fetch(`http://till.intern.example:${vendor.port}/`)).text()).toBe('till');
});

it.each([
  ['plain', {}, (body: Buffer) => body],
  ['inflated', { 'content-encoding': 'gzip' }, gzipSync],
])('reads no more than 10 MiB of an answer, %s', async (_, headers, encode) => {
  const body = encode(Buffer.alloc(10 * 1024 * 1024 + 1));
  await using vendor = await startVendor((_request, response) => void response.writeHead(200, headers).end(body));
  await using way = await outbound([vendor.host]);
  const answer = await way.fetch(vendor.url);
  await expect(answer.arrayBuffer()).rejects.toThrow(/more than 10485760 bytes/);
});

it('ends with the signal, of the desk or of the caller', async () => {
  const hanging = Promise.withResolvers<void>();
  await using vendor = await startVendor(() => hanging.resolve());
  const way = outboundOf({ plugin: 'shop', hosts: [vendor.host] });
  const desk = new AbortController();
  const asked = way.fetch(desk.signal)(vendor.url);
  await hanging.promise;
  desk.abort(new Error('time is up'));
  await expect(asked).rejects.toThrow('time is up');
  await expect(way.fetch(forever)(vendor.url, { signal: AbortSignal.abort(new Error('never mind')) })).rejects.toThrow('never mind');
  await way.close();
});
