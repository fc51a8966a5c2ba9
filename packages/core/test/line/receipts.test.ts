import { definePlugin, event, namespace, trait } from '@enishi/plugin-sdk';
import { createTestDomain } from '@enishi/testkit';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { shop, today } from './world.ts';

const good = (n: number) => ({ id: `good-${n}`, type: 'shop.ordered', identifiers: { user: `person-${n}` }, properties: { total: n } });
const person = { user: 'hanako' };
const bad = (some: Record<string, unknown>) => ({
  id: 'bad',
  type: 'enishi.tracked',
  identifiers: person,
  properties: { event: 'x' },
  ...some,
});
const stored = 'select count(*) as n from event where workspace_id = $1';
const kept =
  'select q.id, q.violations, q.draft from quarantined_event q join source s on s.id = q.source_id where q.workspace_id = $1 and s.key = $2';

/** `{"a":{"a":…}}` of so many levels. */
const deep = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

const mendable = [
  ['an unknown type', bad({ type: 'shop.unheard' }), ['type']],
  ['a type that is no text', bad({ type: 7 }), ['type']],
  ['no identifiers', { id: 'bad', type: 'enishi.identified' }, ['identifiers']],
  ['identifiers that are no object', bad({ identifiers: 'hanako' }), ['identifiers']],
  ['an identifier that is an object', bad({ identifiers: { user: { id: 1 } } }), ['identifiers.user']],
  ['only placeholders', bad({ identifiers: { user: 'null', phone: '0', anonymous: '' } }), ['identifiers']],
  ['an unknown namespace', bad({ identifiers: { ...person, fax: '1' } }), ['identifiers.fax']],
  ['an identifier of 10,000 characters', bad({ identifiers: { ...person, email: 'x'.repeat(10_000) } }), ['identifiers.email']],
  [
    'a wrong property',
    { ...good(1), id: 'bad', properties: { total: '12', lines: [{ sku: 1 }] } },
    ['properties.total', 'properties.lines.0.sku'],
  ],
  ['properties that are a list', { ...good(1), id: 'bad', properties: [1] }, ['properties']],
  ['no properties', { id: 'bad', type: 'shop.ordered', identifiers: person }, ['properties.total']],
  ['1900', bad({ at: '1900-01-01T00:00:00Z' }), ['at']],
  ['2999', bad({ at: '2999-01-01T00:00:00Z' }), ['at']],
  ['the 31st of April', bad({ at: '2026-04-31T00:00:00Z' }), ['at']],
  ['a time of no zone', bad({ at: '2026-04-30T00:00:00' }), ['at']],
  ['a time that is none', bad({ at: new Date(Number.NaN) }), ['at']],
  [
    'two faults',
    bad({ type: 'shop.unheard', at: '1900-01-01T00:00:00Z', identifiers: { fax: 1 } }),
    ['at', 'identifiers.fax', 'identifiers', 'type'],
  ],
  ['a wrong trait', bad({ traits: { 'shop.rank': 'platinum' } }), ['traits.shop.rank']],
  ['a trait of a strange name', bad({ traits: { 'a/b': 1 } }), ['traits.a/b']],
  ['200 traits', bad({ traits: Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`t${n}`, n])) }), ['traits']],
  ['a consent to nothing', bad({ consents: [{ purpose: '', channel: 'email', state: 'GIVEN' }] }), ['consents.0.purpose']],
  ['a consent of no known state', bad({ consents: [{ purpose: 'marketing', channel: 'email', state: 'MAYBE' }] }), ['consents.0.state']],
  ['a purpose that reads as two', bad({ consents: [{ purpose: 'a/b', channel: 'email', state: 'GIVEN' }] }), ['consents.0.purpose']],
  ['a long trait that nobody declares', bad({ traits: { story: ['x'.repeat(4093)] } }), ['traits.story']],
  ['a trait called __proto__', bad({ traits: [{ trait: '__proto__', value: { admin: true } }] }), ['traits.__proto__']],
  ['a context that is a text', bad({ context: 'web' }), ['context']],
  ['an id of 1,000 characters', bad({ id: 'x'.repeat(1000) }), ['id']],
  ['an empty id', bad({ id: '' }), ['id']],
] as const;

it('sets aside what can be mended, with the place of each fault, and stores its neighbours', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => today });
  const { line, workspace, database } = domain;
  for (const [what, submission, paths] of mendable) {
    const receipts = await line.accept(workspace, what, [good(1), submission, good(2)]);
    expect(receipts, what).toMatchObject([{ status: 'ACCEPTED' }, { status: 'QUARANTINED' }, { status: 'ACCEPTED' }]);
    const [, receipt] = receipts;
    if (receipt?.status !== 'QUARANTINED') continue;
    expect(
      receipt.violations.map(({ path }) => path),
      what,
    ).toEqual(paths);
    const rows = await database.query(workspace.id, kept, [workspace.id, what]);
    expect(rows, what).toMatchObject([{ id: receipt.eventId, violations: receipt.violations, draft: { id: receipt.id } }]);
  }
  expect(await database.query(workspace.id, stored, [workspace.id])).toEqual([{ n: 2 * mendable.length }]);
});

const endless: Record<string, unknown> = {};
endless.round = endless;
const unkeepable = [
  ['null', null, /object/],
  ['a text', 'order', /object/],
  ['a list', [good(1)], /object/],
  ['300 KB', bad({ properties: { event: 'x', text: 'x'.repeat(300 * 1024) } }), /262144 characters/],
  ['300 KB of traits', bad({ traits: { a: 'x'.repeat(300 * 1024) } }), /262144 characters/],
  ['300 KB of an unknown type', bad({ type: 'shop.unheard', properties: { text: 'x'.repeat(300 * 1024) } }), /262144 characters/],
  ['100,000 levels', bad({ properties: { event: 'x', deep: deep(100_000) } }), /100 levels/],
  ['100,000 levels of an unknown type', bad({ type: 'shop.unheard', context: { deep: deep(100_000) } }), /100 levels/],
  ['a circle', bad({ properties: endless }), /100 levels/],
  ['a NUL character in a property', bad({ properties: { event: 'a\0b' } }), /NUL/],
  ['a NUL character in a name', bad({ properties: { event: 'x', 'a\0b': 1 } }), /NUL/],
  ['half a surrogate pair in a property', bad({ properties: { event: 'x\ud83d' } }), /surrogate/],
  ['half a surrogate pair in a name', bad({ properties: { event: 'x', '\udc00': 1 } }), /surrogate/],
  ['half a surrogate pair in the context', bad({ context: { page: '\ud83dx' } }), /surrogate/],
  ['half a surrogate pair in a trait', bad({ traits: { name: '\ud83d' } }), /surrogate/],
  [
    'half a surrogate pair as evidence',
    bad({ consents: [{ purpose: 'a', channel: 'b', state: 'GIVEN', evidence: { form: '\ud83d' } }] }),
    /surrogate/,
  ],
  ['half a surrogate pair as a purpose', bad({ consents: [{ purpose: '\ud83d', channel: 'b', state: 'GIVEN' }] }), /surrogate/],
  ['a NUL character in the id of a bad event', bad({ id: 'a\0b', type: 'shop.unheard' }), /NUL/],
  ['a number JSON cannot say', bad({ properties: { event: 'x', big: 1n } }), /JSON/],
] as const;

it('refuses what cannot even be kept, and stores its neighbours', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => today });
  const { line, workspace, database } = domain;
  for (const [what, submission, message] of unkeepable) {
    const receipts = await line.accept(workspace, what, [good(1), submission, good(2)]);
    expect(receipts, what).toMatchObject([{ status: 'ACCEPTED' }, { status: 'REJECTED' }, { status: 'ACCEPTED' }]);
    const [, receipt] = receipts;
    const violations = receipt?.status === 'REJECTED' ? receipt.violations : [];
    expect(violations.map((violation) => violation.message).join('; '), what).toMatch(message);
  }
  expect(await database.query(workspace.id, stored, [workspace.id])).toEqual([{ n: 2 * unkeepable.length }]);
});

it('takes what is odd but harmless', async () => {
  await using domain = await createTestDomain({ plugins: [shop({})], now: () => today });
  const { line, workspace, database } = domain;
  const odd = [
    bad({ id: 'nul-in-identifier', identifiers: { user: 'ha\0na\ud83dko' } }),
    bad({ id: 'backslashes', properties: { event: 'C:\\u0000 \\\\ud83d' } }),
    bad({ id: 'as long as a trait may be', traits: { story: ['x'.repeat(4092)] } }),
    bad({ id: 'emoji', properties: { event: '🍵 𠮷野家' } }),
    bad({ id: 'number', identifiers: { user: 42 } }),
    bad({ id: 'a\0b' }),
    bad({ id: 'none', identifiers: { ...person, email: null, phone: undefined } }),
    bad({ id: 'tomorrow', at: new Date(today.getTime() + 86_400_000) }),
    bad({ id: '1970', at: '1970-01-01T09:00:00+09:00' }),
    JSON.parse(
      '{"id":"proto","type":"enishi.tracked","identifiers":{"user":"hanako","__proto__":"x"},"properties":{"event":"x","__proto__":{"admin":true},"constructor":1},"traits":{"__proto__":{"admin":true},"constructor":"x"},"__proto__":{"id":"other"}}',
    ),
  ];
  const receipts = await line.accept(workspace, 'test', odd);
  expect(receipts.map(({ status, id }) => `${status} ${id}`)).toEqual(odd.map(({ id }: { id: string }) => `ACCEPTED ${id}`));
  expect(({} as Record<string, unknown>).admin).toBeUndefined();
  const [hanako] = await database.query<{ traits: Record<string, { v: unknown }> }>(
    workspace.id,
    `select c.traits from customer c join identity h on h.customer_id = c.id where c.workspace_id = $1 and h.value = 'hanako'`,
    [workspace.id],
  );
  expect(hanako?.traits.constructor).toMatchObject({ v: 'x' });
  const texts = await database.query(
    workspace.id,
    `select properties ->> 'event' as text from event where workspace_id = $1 and properties ->> 'event' <> 'x'`,
    [workspace.id],
  );
  expect(texts).toEqual(expect.arrayContaining([{ text: 'C:\\u0000 \\\\ud83d' }, { text: '🍵 𠮷野家' }]));
});

it('names fifty faults of an event that has thousands', async () => {
  await using domain = await createTestDomain();
  const { line, workspace } = domain;
  const identifiers = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`n${n}`, 'x']));
  const [receipt] = await line.accept(workspace, 'test', [{ type: 'enishi.identified', identifiers }]);
  expect(receipt?.status === 'QUARANTINED' && receipt.violations).toHaveLength(50);
});

it('answers an id for each event that came without one, and nothing for nothing', async () => {
  await using domain = await createTestDomain();
  const { line, workspace } = domain;
  const receipts = await line.accept(workspace, 'test', [
    { type: 'enishi.identified', identifiers: person },
    { type: 'enishi.identified', identifiers: person },
  ]);
  expect(new Set(receipts.map(({ id }) => id)).size).toBe(2);
  expect(await line.accept(workspace, 'test', [])).toEqual([]);
});

const brittle = definePlugin({
  name: 'brittle',
  description: 'Its own checks fail.',
  config: z.object({}),
  events: [
    event(
      'brittle.met',
      z.looseObject({
        when: z.iso
          .datetime()
          .transform((text) => new Date(text))
          .optional(),
        broken: z
          .string()
          .transform((text) => {
            if (text === 'throw') throw new Error('oh no');
            return text;
          })
          .optional(),
      }),
      { description: 'Met.' },
    ),
  ],
  traits: [
    trait('brittle.since', z.iso.datetime().transform((text) => new Date(text)) as unknown as z.ZodType<Date>, { description: 'Since.' }),
  ],
  namespaces: [
    namespace('brittle.id', {
      description: 'Id.',
      normalise: (raw) => {
        if (raw === 'throw') throw new Error('oh no');
        return raw;
      },
    }),
  ],
});

it('sets an event aside where a plugin fails to check it, and goes on with the others', async () => {
  await using domain = await createTestDomain({ plugins: [brittle({})] });
  const { line, workspace } = domain;
  const receipts = await line.accept(workspace, 'test', [
    { type: 'brittle.met', identifiers: person },
    { type: 'brittle.met', identifiers: person, properties: { broken: 'throw' } },
    { type: 'brittle.met', identifiers: { 'brittle.id': 'throw' } },
    { type: 'brittle.met', identifiers: { 'brittle.id': 'a\0b' } },
    { type: 'brittle.met', identifiers: person },
  ]);
  expect(receipts.map(({ status }) => status)).toEqual(['ACCEPTED', 'QUARANTINED', 'QUARANTINED', 'REJECTED', 'ACCEPTED']);
  expect(receipts[1]).toMatchObject({ violations: [{ path: '', message: 'could not be checked: oh no' }] });
});

it('judges a time that a schema makes a Date of as the text it is stored as', async () => {
  await using domain = await createTestDomain({ plugins: [brittle({})] });
  const { line, workspace, database } = domain;
  const when = '2026-05-05T00:00:00.000Z';
  const [receipt] = await line.accept(workspace, 'test', [
    { type: 'brittle.met', identifiers: person, properties: { when }, traits: { 'brittle.since': when } },
  ]);
  expect(receipt?.status).toBe('ACCEPTED');
  const [row] = await database.query(
    workspace.id,
    `select traits -> 'brittle.since' -> 'v' as since from customer where workspace_id = $1`,
    [workspace.id],
  );
  expect(row).toEqual({ since: when });
});
