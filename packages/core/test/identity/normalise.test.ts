import { normaliseIdentifier, Registry } from '@enishi/core';
import { definePlugin, namespace } from '@enishi/plugin-sdk';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const plugin = definePlugin({
  name: 'social',
  description: 'A social network.',
  config: z.object({}),
  namespaces: [namespace('social.account', { description: 'Account.' })],
});
const registry = new Registry([plugin({})]);
const scope = { country: 'JP', salt: Buffer.alloc(32, 7) };
const read = (kind: string, raw: string) => normaliseIdentifier(registry, scope, { namespace: kind, value: raw })?.value;

describe('one telephone, however it is written', () => {
  it.each([
    '090-1234-5678',
    '09012345678',
    '090 1234 5678',
    '０９０－１２３４－５６７８',
    '０９０ー１２３４ー５６７８',
    '090ｰ1234ｰ5678',
    '090‐1234‐5678',
    '090–1234–5678',
    '090—1234—5678',
    '090―1234―5678',
    '090−1234−5678',
    '090─1234─5678',
    '(090)1234-5678',
    '090.1234.5678',
    '+81-90-1234-5678',
    '+819012345678',
    '+81 (0)90-1234-5678',
    '+８１ ９０ １２３４ ５６７８',
    '010-81-90-1234-5678',
    'tel:090-1234-5678',
    ' 090-1234-5678\t',
    '090\u200b1234\u200b5678',
    '\ufeff09012345678',
  ])('%s', (raw) => {
    expect(read('phone', raw)).toBe('+819012345678');
  });

  it.each([
    ['03-5555-0123', '+81355550123'],
    ['0120-123-456', '+81120123456'],
    ['+1 415 555 2671', '+14155552671'],
    ['050-3123-4567', '+815031234567'],
  ])('%s is %s', (raw, value) => {
    expect(read('phone', raw)).toBe(value);
  });

  it('is read in the country of the workspace', () => {
    const raw = { namespace: 'phone', value: '020 7946 0018' };
    expect(normaliseIdentifier(registry, { ...scope, country: 'GB' }, raw)?.value).toBe('+442079460018');
  });
});

describe('one mailbox, however it is written', () => {
  it.each([
    'Hanako@Shop.Example',
    ' hanako@shop.example ',
    'ｈａｎａｋｏ＠ｓｈｏｐ．ｅｘａｍｐｌｅ',
    'hanako\u200b@shop.example',
    'HANAKO@SHOP.EXAMPLE\r\n',
  ])('%j', (raw) => {
    expect(read('email', raw)).toBe('hanako@shop.example');
  });

  it.each(['a..b.@docomo.ne.jp', 'hana+shop@shop.example', '花子@例え.テスト'])('takes %s as people have it', (raw) => {
    expect(read('email', raw)).toBe(raw);
  });

  it.each([
    'hanako',
    'hanako@',
    '@shop.example',
    'hanako@shop',
    'ha nako@shop.example',
    'a@b@shop.example',
    `${'x'.repeat(250)}@shop.example`,
  ])('takes %j for no mailbox', (raw) => {
    expect(read('email', raw)).toBeUndefined();
  });
});

it.each(['AB-0012 3456', 'ab00123456', 'ＡＢ００１２３４５６', 'AB―0012―3456', 'ABー0012ー3456', 'ab 0012 3456\u200b'])(
  'reads card %j',
  (raw) => {
    expect(read('member', raw)).toBe('AB00123456');
  },
);

it('keeps the leading zeros of a card and the letter case of an account', () => {
  expect(read('member', '000123')).toBe('000123');
  expect(read('user', 'aBc')).toBe('aBc');
  expect(read('user', 'abc')).toBe('abc');
});

it('makes half-width kana whole', () => {
  expect(read('user', 'ｶﾞｷﾞｸﾞ')).toBe('ガギグ');
});

const namespaces = ['member', 'user', 'email', 'phone', 'anonymous', 'social.account'];

describe('placeholders identify nobody, in any namespace', () => {
  it.each([
    'null',
    'NULL',
    'undefined',
    'nu\u200bll',
    'ｎｕｌｌ',
    '0',
    '００',
    '-',
    'ー',
    '--',
    '.',
    '   ',
    '\u200b',
    '\u3000',
    'anonymous',
    'Guest',
    'N/A',
    'test',
    'test@test',
    'TEST@TEST.COM',
    '000-0000-0000',
    '0000000000',
    '090-0000-0000',
    '1111111111',
    'xxxxxxxxxx',
    'NaN',
    '[object Object]',
    'true',
    '不明',
    'テスト',
    'ゲスト',
    'なし',
    '-1',
  ])('%j', (raw) => {
    const kinds = raw === '090-0000-0000' ? ['phone'] : namespaces;
    expect(kinds.map((kind) => read(kind, raw))).toEqual(kinds.map(() => undefined));
  });

  it('but numbers in other scripts, short ones and 0-led ones do', () => {
    expect(read('user', '7')).toBe('7');
    expect(read('user', '٣٤')).toBe('٣٤');
    expect(read('user', '001')).toBe('001');
    expect(read('user', 'ー1')).toBe('ー1');
  });
});

it('takes an identifier of 512 characters and none longer, before and after it is cleaned', () => {
  expect(read('user', 'ab'.repeat(256))).toBe('ab'.repeat(256));
  expect(read('user', `${'ab'.repeat(256)}c`)).toBeUndefined();
  expect(read('user', 'ﷺ'.repeat(100))).toBeUndefined();
});

it('knows no namespace that nobody declared, however it is called', () => {
  for (const kind of ['', 'fax', '__proto__', 'constructor', 'toString']) expect(read(kind, 'abc')).toBeUndefined();
});

it('gives the same identity the same id everywhere, and another one in another workspace', () => {
  const raw = { namespace: 'email', value: 'hanako@shop.example' };
  const [one, same, other] = [
    normaliseIdentifier(registry, scope, raw),
    normaliseIdentifier(new Registry([]), { ...scope, salt: Buffer.alloc(32, 7) }, raw),
    normaliseIdentifier(registry, { ...scope, salt: Buffer.alloc(32, 8) }, raw),
  ];
  expect(one?.id).toBe(same?.id);
  expect(one?.id).not.toBe(other?.id);
});
