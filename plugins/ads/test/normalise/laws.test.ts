import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactBirthday } from '../../src/normalise/birthday.ts';
import { country } from '../../src/normalise/country.ts';
import { email, emailWithGmailRule } from '../../src/normalise/email.ts';
import { gender } from '../../src/normalise/gender.ts';
import { google, japaneseFile, metaAudience, metaConversion, prepare, type Rule, sha256 } from '../../src/normalise/index.ts';
import { personName, untitledFamilyName, untitledGivenName } from '../../src/normalise/name.ts';
import { phone } from '../../src/normalise/phone.ts';
import { city, prefecture } from '../../src/normalise/place.ts';
import { compactPostalCode, writtenPostalCode } from '../../src/normalise/postal-code.ts';

const normalisers = {
  email,
  emailWithGmailRule,
  e164: phone('e164'),
  domestic: phone('domestic'),
  personName,
  untitledGivenName,
  untitledFamilyName,
  city,
  prefecture,
  compactPostalCode,
  writtenPostalCode,
  compactBirthday,
  gender,
  country,
};

/** Text of all kinds, with what is met in Japanese forms made likely. */
const bits = fc.constantFrom(
  ...[
    'mr',
    'Mrs. ',
    ' Jr',
    '.',
    '-',
    'ー',
    '・',
    '　',
    ' ',
    '\u200b',
    '@',
    '+',
    '東京',
    '府',
    'prefecture',
    '２',
    'ﾊ',
    'ﾞ',
    'É',
    'e\u0301',
    'İ',
  ],
  ...['gmail.com', '〒', '150', '0002', '090', '年', 'H', '1990', '5', '男', 'ｶﾞ', '゛', '´', 'ﬁ', 'ß', '々', 'Japan'],
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.array(fc.oneof(bits, fc.string({ unit: 'grapheme', maxLength: 3 })), { maxLength: 8 }).map((parts) => parts.join('')),
);

describe.each(Object.entries(normalisers))('%s', (_name, normalise) => {
  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(text, (raw) => {
        const once = normalise(raw, 'JP');
        if (once !== undefined) expect(normalise(once, 'JP')).toBe(once);
      }),
      { numRuns: 1000 },
    );
  });
});

const mobile = fc
  .tuple(fc.constantFrom('070', '080', '090'), fc.integer({ min: 10_000_000, max: 99_999_999 }))
  .map(([prefix, rest]) => `${prefix}${rest}`);
const full = (value: string) => value.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));

describe('equal spellings give equal hashes', () => {
  const rules: Rule[] = [...metaAudience.phone, ...metaConversion.phone, ...google.phone, ...japaneseFile('domestic').phone];

  it('phones', () => {
    fc.assert(
      fc.property(mobile, fc.constantFrom(...rules), (number, rule) => {
        const dashed = `${number.slice(0, 3)}-${number.slice(3, 7)}-${number.slice(7)}`;
        const abroad = `+81${number.slice(1)}`;
        const spellings = [number, dashed, full(number), dashed.replaceAll('-', 'ー'), dashed.replaceAll('-', '−'), ` ${dashed}\t`, abroad];
        spellings.push(full(abroad), abroad.slice(1), `+81 (0)${dashed.slice(1)}`, `0081${number.slice(1)}`);
        expect(new Set(spellings.map((raw) => prepare(rule, raw, 'JP'))).size).toBe(1);
      }),
    );
  });

  it('e-mail addresses, names and places in any case, width and padding', () => {
    const cases: [Rule, fc.Arbitrary<string>][] = [
      [metaAudience.email[0], fc.emailAddress({ size: 'small' }).filter((raw) => email(raw) !== undefined)],
      [metaAudience.givenName[0], fc.stringMatching(/^[a-z]{1,12}( [a-z]{1,8})?$/)],
      [metaConversion.city[0], fc.stringMatching(/^[a-z]{2,12}$/)],
      [google.familyName[0], fc.stringMatching(/^[a-z]{1,12}$/)],
    ];
    for (const [rule, values] of cases)
      fc.assert(
        fc.property(values, (raw) => {
          const spellings = [raw, raw.toUpperCase(), full(raw), `  ${raw}\u3000`, `\u200b${raw}`];
          expect(new Set(spellings.map((spelling) => prepare(rule, spelling, 'JP'))).size).toBe(1);
        }),
      );
  });

  it.each([
    [metaConversion.familyName[0], ['ヤマダ', 'ﾔﾏﾀﾞ', 'ヤ マ ダ', 'ヤマダ。']],
    [metaConversion.givenName[0], ["D'Angelo", 'dangelo', 'D’Angelo', 'Ｄ’ＡＮＧＥＬＯ']],
    [metaConversion.givenName[0], ['Valéry', 'VALE\u0301RY', 'valéry ']],
    [metaConversion.prefecture[0], ['東京都', '東京', ' 東 京 都 ']],
    [metaConversion.prefecture[0], ['Osaka', 'osaka prefecture', 'ＯＳＡＫＡ']],
    [metaConversion.city[0], ['渋谷区', ' 渋谷 区']],
    [metaConversion.postalCode[0], ['150-0002', '1500002', '〒150-0002', '１５０ー０００２', '150 0002']],
    [
      metaConversion.birthday[0],
      ['1990-05-01', '1990/5/1', '19900501', '1990年5月1日', '平成2年5月1日', 'H2.5.1', '１９９０年５月１日', '1990-05-01T00:00:00Z'],
    ],
    [metaConversion.birthday[0], ['2019-05-01', '令和元年5月1日', 'R1/5/1']],
    [metaConversion.gender[0], ['女', '女性', 'F', 'female', '2']],
    [metaConversion.country[0], ['JP', 'jp', 'Japan', '日本', '日本国', 'ＪＰ']],
  ])('%o %o', (rule, spellings) => {
    const hashes = spellings.map((raw) => prepare(rule, raw, 'JP'));
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(hashes).size).toBe(1);
  });
});

describe('never hashed twice', () => {
  const all: Rule[] = [metaAudience, metaConversion, google, japaneseFile('e164')].flatMap((table) => Object.values(table).flat());

  it.each(all.map((rule): [string, Rule] => [`${rule.as} (${rule.sent})`, rule]))('%s', (_name, rule) => {
    fc.assert(
      fc.property(fc.string(), fc.boolean(), (raw, capitals) => {
        const hash = sha256(raw);
        const answer = prepare(rule, capitals ? ` ${hash.toUpperCase()}\n` : hash, 'JP');
        expect(answer).toBe(rule.digest === 'pass' ? hash : undefined);
      }),
    );
  });

  it.each(['d41d8cd98f00b204e9800998ecf8427e', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'])(
    '%s is a hash that no platform takes',
    (foreign) => {
      for (const rule of all) expect(prepare(rule, foreign, 'JP')).toBeUndefined();
    },
  );
});

it.each(['', '30.2.1990', '1990-02-30', '昭和', '1990-13-01', '0000-00-00', '1850-01-01', '5/1'])('"%s" is no birthday', (raw) => {
  expect(compactBirthday(raw)).toBeUndefined();
});

it.each(['60-0002', '15000022', 'abc'])('"%s" is no Japanese postal code', (raw) => {
  expect(compactPostalCode(raw, 'JP')).toBeUndefined();
});
