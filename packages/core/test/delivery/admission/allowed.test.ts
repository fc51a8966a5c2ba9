import { consentAllows, consentRefusal } from '@enishi/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorld } from '../world.ts';

const given = { state: 'GIVEN' } as const;
const refused = { state: 'REFUSED' } as const;
const withdrawn = { state: 'WITHDRAWN' } as const;

describe('consent', () => {
  it('is needed for everything but service', () => {
    expect(consentRefusal({}, 'marketing', 'email')).toBe('no consent: marketing/email');
    expect(consentAllows({}, 'service', 'email')).toBe(true);
    expect(consentAllows({ 'service/email': refused }, 'service', 'email')).toBe(false);
  });

  it('is found for the channel, then for every channel', () => {
    expect(consentAllows({ 'marketing/email': given }, 'marketing', 'email')).toBe(true);
    expect(consentAllows({ 'marketing/*': given }, 'marketing', 'email')).toBe(true);
    expect(consentAllows({ 'marketing/email': given }, 'marketing', 'line')).toBe(false);
    expect(consentAllows({ 'marketing/email': given }, 'advertising', 'email')).toBe(false);
  });

  it('is overruled by a refusal at either level', () => {
    expect(consentRefusal({ 'marketing/email': given, 'marketing/*': withdrawn }, 'marketing', 'email')).toBe(
      'consent withdrawn: marketing/*',
    );
    expect(consentRefusal({ 'marketing/email': refused, 'marketing/*': given }, 'marketing', 'email')).toBe(
      'consent refused: marketing/email',
    );
  });

  it('is decided the same in SQL and in code', async () => {
    await using world = await createWorld({});
    const word = fc.constantFrom('marketing', 'service', 'advertising');
    const channel = fc.constantFrom('email', 'line', '*');
    const consents = fc.dictionary(
      fc.tuple(word, channel).map((pair) => pair.join('/')),
      fc.record({ state: fc.constantFrom('GIVEN' as const, 'REFUSED' as const, 'WITHDRAWN' as const) }),
    );
    const cases = fc.sample(fc.record({ consents, purpose: word, channel }), 500);
    const rows = await world.query<{ refusal: string | null }>(
      `select consent_refusal(c, p, h) as refusal from unnest($2::jsonb[], $3::text[], $4::text[]) with ordinality as t(c, p, h, n)
       where $1 > 0 order by n`,
      cases.map((one) => JSON.stringify(one.consents)),
      cases.map((one) => one.purpose),
      cases.map((one) => one.channel),
    );
    expect(rows.map(({ refusal }) => refusal)).toEqual(cases.map((one) => consentRefusal(one.consents, one.purpose, one.channel) ?? null));
  });
});
