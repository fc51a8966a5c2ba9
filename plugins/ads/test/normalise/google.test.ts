import { describe, expect, it } from 'vitest';
import { google, prepare, type Rule, sha256 } from '../../src/normalise/index.ts';

const one = ([rule]: readonly [Rule], raw: string, country = 'JP') => prepare(rule, raw, country);

describe('e-mail', () => {
  it.each([
    ['cloudy.sanfrancisco+shopping@gmail.com', 'cloudysanfrancisco@gmail.com'],
    ['C.l.o.u.d.y@GoogleMail.com', 'cloudy@googlemail.com'],
    ['user.name+NYC@Example.com', 'user.name+nyc@example.com'],
    ['taro . yamada@example.jp', 'taro.yamada@example.jp'],
    ['ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ', 'taro@example.jp'],
  ])('%s is compared as %s', (raw, compared) => {
    expect(one(google.email, raw)).toBe(sha256(compared));
  });

  it.each(['', 'taro', 'taro@', '+only@gmail.com', '...@gmail.com', `${'x'.repeat(250)}@example.jp`])('"%s" is no address', (raw) => {
    expect(one(google.email, raw)).toBeUndefined();
  });
});

describe('phone', () => {
  it.each([
    ['(800) 555-0100', 'US', '+18005550100'],
    ['090-1234-5678', 'JP', '+819012345678'],
    ['０９０ー１２３４ー５６７８', 'JP', '+819012345678'],
    ['+81 (0)90-1234-5678', 'JP', '+819012345678'],
    ['0081-90-1234-5678', 'JP', '+819012345678'],
    ['03(4405)7597', 'JP', '+81344057597'],
  ])('%s is compared as %s %s', (raw, country, compared) => {
    expect(one(google.phone, raw, country)).toBe(sha256(compared));
  });

  it.each(['', '110', '000-0000-0000', 'no number', '0120'])('"%s" reaches nobody', (raw) => {
    expect(one(google.phone, raw)).toBeUndefined();
  });
});

it('the sheet of +819012345678', () => {
  expect(one(google.phone, '090-1234-5678')?.slice(0, 12)).toBe('3d06a39d4079');
});

it.each([
  ['Mrs. Mary-Ann', 'maryann'],
  ['  MARY   ANN ', 'mary ann'],
  ['花子', '花子'],
  ['ﾊﾅｺ', 'ハナコ'],
])('given name %s is compared as %s', (raw, compared) => {
  expect(one(google.givenName, raw)).toBe(sha256(compared));
});

it.each([
  ["O'Brien, Jr.", 'obrien'],
  ['Ｙａｍａｄａ', 'yamada'],
  ['山　田', '山田'],
])('family name %s is compared as %s', (raw, compared) => {
  expect(one(google.familyName, raw)).toBe(sha256(compared));
});

it('country and postal code are read as they are, so a hash in their place is refused', () => {
  expect(one(google.country, '日本')).toBe('JP');
  expect(one(google.postalCode, '1500002')).toBe('150-0002');
  expect(one(google.postalCode, '94043-1351', 'US')).toBe('94043-1351');
  expect(one(google.country, sha256('jp'))).toBeUndefined();
  expect(one(google.postalCode, sha256('1500002'))).toBeUndefined();
});

it('nothing else leaves readable', () => {
  const readable = Object.values(google).filter(([{ sent }]) => sent === 'plain');
  expect(readable.map(([{ as }]) => as).sort()).toEqual(['postalCode', 'regionCode']);
});
