import { AskRefused, askJson, ComeBackLater, GiveUp, HostRefused } from '@enishi/plugin-sdk';
import { createDesk, type FakeVendor, type Fault, fakeVendor } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const ask = (vendor: FakeVendor, hosts = [vendor.host]) =>
  askJson(createDesk({ hosts }), {
    partner: 'Acme',
    url: `${vendor.url}/things?key=hidden-key`,
    headers: { authorization: 'Bearer t' },
    answer: z.object({ id: z.string() }),
  });

it('answers what was asked for', async () => {
  await using vendor = await fakeVendor();
  vendor.on('GET /things', { json: { id: '1', more: true } });
  expect(await ask(vendor)).toEqual({ id: '1' });
  expect(vendor.requests[0]?.headers).toMatchObject({ authorization: 'Bearer t', accept: 'application/json' });
});

describe('says by what it throws what the host does', () => {
  const cases: [string, Fault, { kind?: new (...given: never[]) => Error; message: string; given?: object }][] = [
    ['busy, until', 'busy', { kind: ComeBackLater, message: '429', given: { afterSeconds: 7 } }],
    ['busy, for some time', { status: 429 }, { kind: ComeBackLater, message: '429', given: { afterSeconds: 10 } }],
    ['closed, until', { status: 503, headers: { 'retry-after': '60' } }, { kind: ComeBackLater, message: '503' }],
    ['refused', 'unauthorised', { kind: AskRefused, message: 'Acme answered 401', given: { status: 401 } }],
    ['not there', { status: 404 }, { kind: GiveUp, message: 'Acme answered 404', given: { status: 404 } }],
    ['broken', 'broken', { message: 'Acme answered 500' }],
    ['a web page', 'html', { message: 'Acme answered text/html; charset=utf-8 where JSON was due (200)' }],
    ['nothing', { body: '' }, { message: 'where JSON was due' }],
    ['an error in a 200', { json: { error: 'no' } }, { message: 'Acme answered something else than was asked for' }],
    ['cut off', 'cut', { message: 'Acme did not answer' }],
    ['gone', 'gone', { message: 'Acme did not answer' }],
  ];

  it.each(cases)('%s', async (_, fault, { kind = Error, message, given = {} }) => {
    await using vendor = await fakeVendor();
    vendor.on('GET /things', { json: { id: '1' } });
    vendor.fault(fault);
    const error = await ask(vendor).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ message: expect.stringContaining(message), ...given });
    if (kind === Error) for (const other of [ComeBackLater, GiveUp]) expect(error).not.toBeInstanceOf(other);
    // An address may carry a key: what an operator reads names the partner only.
    expect(String(error)).not.toContain('hidden-key');
  });

  it('a host that was not declared', async () => {
    await using vendor = await fakeVendor();
    await expect(ask(vendor, ['acme.example'])).rejects.toThrow(HostRefused);
  });
});
