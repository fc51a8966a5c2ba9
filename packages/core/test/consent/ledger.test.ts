import { describe, expect, it } from 'vitest';
import { inForce, type Weighed } from '../../src/consent/ledger.ts';

const instant = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));
const said = (identityId: string, state: Weighed['state'], minute: number): Weighed => ({
  identityId,
  state,
  eventId: `${identityId}-${minute}`,
  purpose: 'marketing',
  channel: 'email',
  scope: '*',
  occurredAt: instant(minute),
  recordedAt: instant(minute),
});
/** Every two identities were tied at this minute, or at the one given for their pair. */
const tied =
  (minute: number, pairs: Readonly<Record<string, number>> = {}) =>
  (a: string, b: string): Date =>
    instant(pairs[[a, b].sort().join('')] ?? minute);
const state = (records: readonly Weighed[], tiedAt = tied(0)) => inForce(records, tiedAt)['marketing/email']?.state;

describe('on one identity', () => {
  it('the newest decision counts, however it arrives', () => {
    const [given, withdrawn, again] = [said('a', 'GIVEN', 1), said('a', 'WITHDRAWN', 2), said('a', 'GIVEN', 3)];
    expect(state([given, withdrawn])).toBe('WITHDRAWN');
    expect(state([withdrawn, given])).toBe('WITHDRAWN');
    expect(state([again, given, withdrawn])).toBe('GIVEN');
  });

  it('no counts where both were said at one instant', () => {
    expect(state([said('a', 'GIVEN', 1), said('a', 'REFUSED', 1)])).toBe('REFUSED');
    expect(state([said('a', 'REFUSED', 1), said('a', 'GIVEN', 1)])).toBe('REFUSED');
  });
});

it('a decision about one kind of data says nothing of the others', () => {
  const records = [said('a', 'GIVEN', 1), { ...said('a', 'WITHDRAWN', 2), scope: 'facebook.likes' }];
  const facts = inForce(records, tied(0));
  expect(Object.entries(facts).map(([key, fact]) => `${key} ${fact.state}`)).toEqual([
    'marketing/email GIVEN',
    'marketing/email/facebook.likes WITHDRAWN',
  ]);
});

describe('between identities that were tied', () => {
  it('a no wins over a yes that was said before the tie, whichever came last', () => {
    expect(state([said('a', 'REFUSED', 1), said('b', 'GIVEN', 2)], tied(10))).toBe('REFUSED');
    expect(state([said('a', 'GIVEN', 1), said('b', 'WITHDRAWN', 2)], tied(10))).toBe('WITHDRAWN');
  });

  it('a yes said after the tie wins', () => {
    expect(state([said('a', 'REFUSED', 1), said('b', 'GIVEN', 11)], tied(10))).toBe('GIVEN');
    expect(state([said('a', 'REFUSED', 12), said('b', 'GIVEN', 11)], tied(10))).toBe('REFUSED');
  });

  it('a yes must come after the tie to each who refused', () => {
    const records = [said('a', 'REFUSED', 1), said('b', 'REFUSED', 2), said('c', 'GIVEN', 11)];
    expect(state(records, tied(10))).toBe('GIVEN');
    expect(state(records, tied(10, { ac: 12 }))).toBe('REFUSED');
    expect(state(records, tied(10, { bc: 12 }))).toBe('REFUSED');
  });

  it('a yes that was confirmed is not undone by another yes that comes along with a later tie', () => {
    const records = [said('a', 'REFUSED', 1), said('b', 'GIVEN', 11), said('c', 'GIVEN', 12)];
    expect(state(records, tied(10, { ac: 20, bc: 20 }))).toBe('GIVEN');
  });

  it('nobody who only said yes is refused, and what was never decided is not in force', () => {
    expect(state([said('a', 'GIVEN', 1), said('b', 'GIVEN', 2)], tied(10))).toBe('GIVEN');
    expect(inForce([], tied(0))).toEqual({});
  });
});

it('tells purposes and channels apart, and says whose decision it is and since when', () => {
  const records = [said('a', 'GIVEN', 1), { ...said('b', 'REFUSED', 2), channel: 'line' }];
  expect(inForce(records, tied(10))).toEqual({
    'marketing/email': { state: 'GIVEN', at: instant(1).toISOString(), i: 'a' },
    'marketing/line': { state: 'REFUSED', at: instant(2).toISOString(), i: 'b' },
  });
});
