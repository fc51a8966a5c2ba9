import type { Recipient } from '@enishi/plugin-sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Field, fields, google, japaneseFile, metaAudience, metaConversion, type Table } from '../src/normalise/index.ts';
import { addressOf, type Known, tell } from '../src/person.ts';
import { hanako, named } from './world.ts';

const tables: Readonly<Record<string, Table>> = { metaAudience, metaConversion, google, japaneseFile: japaneseFile('domestic') };
const everything: Known = {
  ...named,
  email: { identifier: 'email' },
  phone: { identifier: 'phone' },
  advertisingId: { trait: 'idfa' },
  clickId: { trait: 'fbc' },
  browserId: { trait: 'fbp' },
  ipAddress: { trait: 'ip' },
  userAgent: { trait: 'browser' },
};

/** Values as they come: usual ones, hashes, lists, rubbish. */
const value = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.emailAddress({ size: 'small' }),
  fc.constantFrom('090-1234-5678', '1990-05-01', '〒150-0002', '女', '日本', 'ﾔﾏﾀﾞ', 'a'.repeat(64), 'b'.repeat(32)),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.string(), { maxLength: 3 }),
);
const texts = fc.array(fc.string(), { maxLength: 3 });
const anybody: fc.Arbitrary<Recipient> = fc.record({
  id: fc.uuid(),
  identifiers: fc.record({ email: fc.array(fc.emailAddress({ size: 'small' })), phone: texts, member: texts }),
  traits: fc.record({
    firstName: value,
    lastName: value,
    birthday: value,
    gender: value,
    address: fc.oneof(value, fc.record({ postalCode: value, state: value, city: value, country: value })),
    idfa: value,
    fbp: value,
    browser: value,
  }),
});

describe.each(Object.entries(tables))('%s', (_name, table) => {
  const rules = Object.values(table).flat();

  it('tells nothing readable that must be hashed, whatever is known', () => {
    const mustBeHashed = new Set(rules.flatMap(({ as, sent }) => (sent === 'hashed' ? [as] : [])));
    fc.assert(
      fc.property(anybody, (recipient) => {
        const told = tell(recipient, { known: everything, table, fields, country: 'JP' });
        for (const [as, values] of told) {
          expect(new Set(values).size).toBe(values.length);
          if (mustBeHashed.has(as)) for (const each of values) expect(each).toMatch(/^[0-9a-f]{64}$/);
        }
      }),
    );
  });

  it('tells only the fields asked for, and only from where they are configured', () => {
    fc.assert(
      fc.property(anybody, fc.subarray([...fields]), fc.subarray([...fields]), (recipient, asked, configured) => {
        const known: Known = Object.fromEntries(configured.map((field) => [field, everything[field]]));
        const allowed = new Set(
          asked
            .filter((field) => configured.includes(field) || field === 'country')
            .flatMap((field) => (table[field] ?? []).map(({ as }) => as)),
        );
        for (const as of tell(recipient, { known, table, fields: asked, country: 'JP' }).keys()) expect(allowed).toContain(as);
      }),
    );
  });
});

it('reads numbers and codes in the country a person lives in', () => {
  const abroad = { ...hanako, traits: { address: { country: 'United States', postalCode: '94043-1351' } } };
  const told = tell(abroad, { known: named, table: google, fields: ['postalCode', 'country'], country: 'JP' });
  expect(Object.fromEntries(told)).toEqual({ regionCode: ['US'], postalCode: ['94043-1351'] });
});

it.each<[Known, readonly Field[], readonly string[] | undefined]>([
  [{ email: { identifier: 'email' }, phone: { identifier: 'phone' } }, ['email', 'phone'], ['email', 'phone']],
  [{ email: { identifier: 'email' }, phone: { identifier: 'phone' } }, ['phone'], ['phone']],
  [{ email: { trait: 'emailHash' }, externalId: { identifier: 'member' } }, ['email', 'externalId'], ['member']],
  [{ email: { trait: 'emailHash' } }, ['email'], undefined],
])('%o asked for %o is found by %o', (known, asked, namespaces) => {
  expect(addressOf(known, asked)).toEqual(namespaces);
});
