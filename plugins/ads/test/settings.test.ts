import { PluginConfigError } from '@enishi/plugin-sdk';
import { createDesk, fakeVendor } from '@enishi/testkit';
import { describe, expect, it } from 'vitest';
import { ads } from '../src/index.ts';
import { type AdsSettings, deskFor, googleOn, metaOn, privateKey } from './world.ts';

const meta = { accessToken: 'token-of-the-tests' };
const google = { clientEmail: 'a@b.iam.gserviceaccount.com', privateKey, operatingAccount: '1' };

describe('settings are refused with a sentence', () => {
  it.each<[unknown, string]>([
    [{ meta: {} }, 'accessToken'],
    [{ meta: { ...meta, version: '24' } }, 'such as v24.0'],
    [{ meta: { ...meta, fields: ['givenName', 'email'] } }, 'known.givenName does not say where'],
    [{ meta: { ...meta, fields: ['country'] } }, 'at least one of email, phone'],
    [{ meta: { ...meta, conversions: { dataset: '1', fields: ['email', 'userAgent'] } } }, 'known.userAgent does not say where'],
    [{ google: { ...google, privateKey: 'not a key' } }, 'no private key in PEM'],
    [{ google: { ...google, operatingAccount: 'my shop' } }, 'digits'],
    [{ google: { ...google, fields: ['birthday'] } }, 'fields'],
    [{ line: { folder: 'relative' } }, 'an absolute path'],
    [{ country: 'Japan' }, 'two capital letters'],
    [{ country: 'XX' }, 'no country'],
    [{ known: { shoeSize: { trait: 'shoe' } } }, 'shoeSize'],
  ])('%o', (settings, sentence) => {
    expect(() => ads(settings as AdsSettings)).toThrow(PluginConfigError);
    expect(() => ads(settings as AdsSettings)).toThrow(sentence);
  });
});

it('tokens and keys are secrets', () => {
  expect(ads({ meta: { ...meta, appSecret: 'app-secret' }, google }).secrets).toEqual(['token-of-the-tests', 'app-secret', privateKey]);
});

it('a key whose line ends are written out is read', () => {
  expect(() => ads({ google: { ...google, privateKey: privateKey.replaceAll('\n', '\\n') } })).not.toThrow();
});

it('reaches the configured platforms and nobody else', () => {
  expect(ads({}).hosts).toEqual([]);
  expect(ads({ meta, google }).hosts).toEqual(['graph.facebook.com', 'datamanager.googleapis.com', 'oauth2.googleapis.com']);
});

it('a platform without settings is not there', () => {
  const host = { urlOf: () => '' };
  expect(Object.keys(ads({}).setup(host).destinations ?? {})).toEqual([]);
  const all = ads({ meta: { ...meta, conversions: { dataset: '1' } }, google, line: { folder: '/tmp' }, yahoo: { folder: '/tmp' } });
  const destinations = all.setup(host).destinations ?? {};
  expect(Object.keys(destinations)).toEqual(['meta', 'conversions', 'google', 'line', 'yahoo']);
  for (const { purpose, channel } of Object.values(destinations)) expect([purpose, channel]).toEqual(['advertising', 'ads']);
  expect(destinations.meta?.address).toEqual(['email', 'phone']);
  expect(destinations.line?.address).toEqual(['email']);
});

describe('commands', () => {
  async function run(settings: AdsSettings, name: string, options: Record<string, unknown>) {
    const plugin = ads(settings);
    const command = plugin.setup({ urlOf: () => '' }).commands?.[name];
    const lines: string[] = [];
    await command?.run(command.options.parse(options) as never, deskFor(plugin), (line) => lines.push(line));
    return lines;
  }

  it('normalise shows what a platform compares', async () => {
    expect(await run({}, 'normalise', { platform: 'meta', field: 'phone', value: '090-1234-5678' })).toEqual([
      'PHONE: 0ad07193350775c6d4377f8b039d32877e66c69a454ed886b05279771c0fca0b (of "819012345678")',
    ]);
    expect(await run({}, 'normalise', { platform: 'google', field: 'phone', value: '110' })).toEqual(['phoneNumber: not sent']);
    await expect(run({}, 'normalise', { platform: 'google', field: 'birthday', value: '1990-05-01' })).rejects.toThrow('takes no birthday');
  });

  it('google-status tells what became of a request', async () => {
    await using vendor = await fakeVendor();
    const settings = { google: googleOn(vendor) };
    expect(await run(settings, 'google-status', { request: 'request-1' })).toEqual(['SUCCESS']);
    vendor.fault('broken', { on: 'GET /v1/' });
    await expect(run(settings, 'google-status', { request: 'request-1' })).rejects.toThrow('request-1');
  });
});

it('a redirect away from the platform is not followed', async () => {
  await using vendor = await fakeVendor();
  const plugin = ads({ meta: metaOn(vendor) });
  vendor.fault('inside');
  const destination = plugin.setup({ urlOf: () => '' }).destinations?.meta;
  await expect(destination?.healthCheck?.(createDesk({ hosts: plugin.hosts }))).rejects.toThrow('not among the hosts');
  expect(vendor.trespassers).toEqual([]);
});
