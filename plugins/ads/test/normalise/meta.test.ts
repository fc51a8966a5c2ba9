import { describe, expect, it } from 'vitest';
import { metaAudience, metaConversion, prepare, type Rule, sha256 } from '../../src/normalise/index.ts';

const one = (rules: readonly Rule[], raw: string, country = 'JP') => rules.map((rule) => prepare(rule, raw, country));

describe("Meta's own vectors", () => {
  it.each([
    ['John_Smith@gmail.com', '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f'],
    [' Taro.Yamada@Example.COM ', 'b6ebd83922edfa96b0ff9166a958badcc230dd68d2315ddfea22f20eaf05994a'],
  ])('e-mail %s', (raw, hash) => {
    expect(one(metaAudience.email, raw)).toEqual([hash]);
    expect(one(metaConversion.email, raw)).toEqual([hash]);
  });

  it.each([
    ['+1 (650) 555-1212', 'US', 'e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176'],
    ['090-1234-5678', 'JP', '0ad07193350775c6d4377f8b039d32877e66c69a454ed886b05279771c0fca0b'],
    ['03-4405-7597', 'JP', '574f12b7409ae74d10bebbcb5e79ce749d76c37d2590d689043c73d1a8e162d0'],
  ])('phone %s', (raw, country, hash) => {
    expect(one(metaAudience.phone, raw, country)).toEqual([hash]);
  });

  it('name and country', () => {
    expect(one(metaConversion.givenName, 'Mary')).toEqual(['6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec']);
    expect(one(metaConversion.country, '日本')).toEqual(['9732c83e3e03fffde2ee65a9d826df8c4dd623c27fb92b952fe62a02f0726f87']);
    expect(one(metaAudience.country, 'JP')).toEqual(['9732c83e3e03fffde2ee65a9d826df8c4dd623c27fb92b952fe62a02f0726f87']);
  });
});

describe('what is compared', () => {
  it('a birthday is three columns of an audience and one key of a conversion', () => {
    expect(metaAudience.birthday.map(({ as }) => as)).toEqual(['DOBY', 'DOBM', 'DOBD']);
    expect(one(metaAudience.birthday, '平成2年5月1日')).toEqual([sha256('1990'), sha256('05'), sha256('01')]);
    expect(one(metaConversion.birthday, '1990-05-01')).toEqual([sha256('19900501')]);
  });

  it.each([
    ['〒150-0002', 'JP', '1500002'],
    ['１５０－０００２', 'JP', '1500002'],
    ['94043-1351', 'US', '94043'],
    ['SW1A 1AA', 'GB', 'sw1a1aa'],
  ])('postal code %s', (raw, country, compared) => {
    expect(one(metaConversion.postalCode, raw, country)).toEqual([sha256(compared)]);
  });

  it('dots of a Gmail address stay', () => {
    expect(one(metaAudience.email, 'j.o.h.n@gmail.com')).toEqual([sha256('j.o.h.n@gmail.com')]);
  });

  it('what a browser made and ids of ours stay readable', () => {
    expect(one(metaConversion.clickId, ' fb.1.1554763741205.AbCd ')).toEqual(['fb.1.1554763741205.AbCd']);
    expect(one(metaConversion.userAgent, 'Mozilla/5.0')).toEqual(['Mozilla/5.0']);
    expect(one(metaAudience.externalId, 'cust-551')).toEqual(['cust-551']);
    expect(one(metaAudience.advertisingId, 'EA7583CD-A667-48BC-B806-42ECB2B48606')).toEqual(['ea7583cd-a667-48bc-b806-42ecb2b48606']);
  });

  it('no other field leaves readable', () => {
    const readable = [...Object.values(metaAudience), ...Object.values(metaConversion)].flat().filter(({ sent }) => sent === 'plain');
    expect(readable.map(({ as }) => as).sort()).toEqual(
      ['EXTERN_ID', 'MADID', 'client_ip_address', 'client_user_agent', 'external_id', 'fbc', 'fbp', 'madid'].sort(),
    );
  });
});
