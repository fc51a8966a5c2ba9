import { describe, expect, it } from 'vitest';
import { japaneseFile, prepare, sha256 } from '../../src/normalise/index.ts';

describe('the forms of a phone number', () => {
  it.each([
    ['domestic', '09012345678'],
    ['digits', '819012345678'],
    ['e164', '+819012345678'],
  ] as const)('%s: %s', (form, compared) => {
    const [rule] = japaneseFile(form).phone;
    for (const raw of ['090-1234-5678', '+81 90 1234 5678', '０９０１２３４５６７８'])
      expect(prepare(rule, raw, 'JP')).toBe(sha256(compared));
  });
});

it('a number from abroad has no domestic form', () => {
  const [rule] = japaneseFile('domestic').phone;
  expect(prepare(rule, '+1 650 555 1212', 'JP')).toBeUndefined();
});

it('e-mail has no salt and keeps its dots', () => {
  const [rule] = japaneseFile('domestic').email;
  expect(prepare(rule, ' Taro.Yamada@Gmail.com', 'JP')).toBe(sha256('taro.yamada@gmail.com'));
});

it('an advertising id is not hashed', () => {
  const [rule] = japaneseFile('domestic').advertisingId;
  expect(prepare(rule, 'EA7583CD-A667-48BC-B806-42ECB2B48606', 'JP')).toBe('EA7583CD-A667-48BC-B806-42ECB2B48606');
});
