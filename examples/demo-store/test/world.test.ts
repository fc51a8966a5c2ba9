import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Happening, Joined } from '../src/world/happening.ts';
import { makePeople, personas } from '../src/world/people.ts';
import { makeWorld } from '../src/world/world.ts';

const today = new Date('2026-04-01T03:00:00Z');
const joined = (happenings: readonly Happening[]): Joined[] => happenings.filter((happening) => happening.kind === 'joined');
const share = <T>(of: readonly T[], matches: (item: T) => boolean): number => of.filter(matches).length / of.length;

describe('the demo world', () => {
  it('is the same to the letter for the same seed, and another for another', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 60 }), (seed, people) => {
        const made = makeWorld({ seed, people, today });
        expect(makeWorld({ seed, people, today })).toEqual(made);
        expect(makeWorld({ seed: `${seed}!`, people, today })).not.toEqual(made);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps the first people when more are asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 0, max: 80 }), (few, more) => {
        expect(makePeople(few + more, 'town').slice(0, few)).toEqual(makePeople(few, 'town'));
      }),
      { numRuns: 25 },
    );
  });

  it('moves with today: the same things happened the same time ago', () => {
    const later = new Date(today.getTime() + 7 * 24 * 3_600_000);
    const ages = (at: Date) =>
      makeWorld({ people: 50, today: at }).happenings.map((item) => `${item.id} ${at.getTime() - item.at.getTime()}`);
    expect(ages(later)).toEqual(ages(today));
  });

  it('happened before today, in order, each thing under its own number', () => {
    const { happenings } = makeWorld({ people: 400, today });
    const times = happenings.map(({ at }) => at.getTime());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(Math.max(...times)).toBeLessThan(today.getTime());
    expect(new Set(happenings.map(({ id }) => id)).size).toBe(happenings.length);
  });

  it('has people of every kind, and the lapsing cross 90 days within the hour', () => {
    const { people, happenings } = makeWorld({ people: 1500, today });
    expect(new Set(people.map(({ persona }) => persona))).toEqual(new Set(personas.map(({ persona }) => persona)));
    const latest = new Map(happenings.filter(({ kind }) => kind === 'order' || kind === 'receipt').map(({ person, at }) => [person, at]));
    const lapsing = people.filter(({ persona }) => persona === 'lapsing');
    for (const { number } of lapsing) {
      const crossing = (latest.get(number)?.getTime() ?? 0) + 90 * 24 * 3_600_000 - today.getTime();
      expect(crossing).toBeGreaterThan(0);
      expect(crossing).toBeLessThan(3_600_000);
    }
    expect(lapsing.length).toBeGreaterThan(5);
  });
});

describe('its mess', () => {
  const { people, happenings } = makeWorld({ people: 1500, today });
  const forms = joined(happenings);
  const phones = happenings.flatMap(({ signs }) => signs.phone ?? []);
  const emails = happenings.flatMap(({ signs }) => signs.email ?? []);

  it('spells phones in every usual way', () => {
    expect(share(phones, (phone) => /^0\d{1,3}-\d{1,4}-\d{4}$/.test(phone))).toBeGreaterThan(0.3);
    expect(share(phones, (phone) => /^\d{10,11}$/.test(phone))).toBeGreaterThan(0.15);
    expect(share(phones, (phone) => phone.startsWith('+81 '))).toBeGreaterThan(0.03);
    expect(share(phones, (phone) => /[０-９]/.test(phone))).toBeGreaterThan(0.02);
    expect(share(phones, (phone) => /[ー－‐−]/.test(phone))).toBeGreaterThan(0.03);
  });

  it('writes names with variant characters, half-width kana and every kind of space', () => {
    expect(forms.some(({ written }) => /[髙﨑齋斉邊邉櫻澤濱]/.test(written.name.whole))).toBe(true);
    expect(share(forms, ({ written }) => /[ｱ-ﾝ]/.test(written.kana.whole))).toBeGreaterThan(0.15);
    expect(share(forms, ({ written }) => /[ぁ-ん]/.test(written.kana.whole))).toBeGreaterThan(0.08);
    for (const space of [' ', '\u3000']) expect(forms.some(({ written }) => written.name.whole.includes(space))).toBe(true);
  });

  it('drops prefectures and mixes 丁目, 番地 and hyphens', () => {
    expect(share(forms, ({ written }) => !/[都道府県]/.test(written.address.whole.slice(0, 4)))).toBeGreaterThan(0.2);
    for (const form of [/丁目/, /番地/, /\d-\d/, /[０-９]/, /ー/])
      expect(forms.some(({ written }) => form.test(written.address.whole))).toBe(true);
  });

  it('shares family phones, repeats e-mails in other cases, mistypes some and fills fields with junk', () => {
    const homes = new Map<string, number>();
    for (const { homePhone } of people) if (homePhone !== undefined) homes.set(homePhone, (homes.get(homePhone) ?? 0) + 1);
    expect([...homes.values()].filter((count) => count > 1).length).toBeGreaterThan(100);
    expect(share(emails, (email) => email !== email.toLowerCase())).toBeGreaterThan(0.05);
    expect(emails.some((email) => email.includes('..'))).toBe(true);
    const known = new Set(people.map(({ email }) => email));
    const strange = emails.map((email) => email.normalize('NFKC').trim().toLowerCase()).filter((email) => !known.has(email));
    expect(strange).toContain('test@test');
    expect(strange.some((email) => email.endsWith('.example'))).toBe(true);
    expect(phones).toContain('000-0000-0000');
  });

  it('has guests without an account, walk-ins whom nobody knows, and people seen on both sides', () => {
    expect(people.some(({ shopsOnline, user }) => shopsOnline && user === undefined)).toBe(true);
    expect(happenings.some(({ person }) => person === undefined)).toBe(true);
    expect(share(people, ({ member, shopsOnline }) => member !== undefined && shopsOnline)).toBeGreaterThan(0.15);
  });
});
