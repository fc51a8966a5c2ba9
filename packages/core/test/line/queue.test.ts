import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Batch, type Entry, Queue } from '../../src/line/queue.ts';

const place = Symbol('place');
type Numbered = Entry & { readonly [place]: number };

const entry = (number: number, people: readonly string[]): Numbered => ({
  [place]: number,
  events: [],
  quarantined: [],
  sightings: [
    { identities: people.map((id) => ({ id, namespace: 'user', value: id })), eventId: String(number), receivedAt: new Date(number) },
  ],
  reassess: [],
  settle: () => {},
  fail: () => {},
});

const peopleOf = ({ sightings }: Entry): string[] => sightings.flatMap(({ identities }) => identities.map(({ id }) => id));
const nobodyKnown = { customerOf: () => undefined };

const step = fc.oneof(
  fc.record({ push: fc.array(fc.uniqueArray(fc.constantFrom(...'abcdef'), { minLength: 1, maxLength: 2 }), { maxLength: 6 }) }),
  fc.record({ take: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ release: fc.nat(5) }),
);

it('gives every entry once, nobody to two batches at a time, and each person in order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const queue = new Queue(nobodyKnown);
      const held: Batch[] = [];
      const given: Numbered[] = [];
      let pushed = 0;
      const take = (size: number): boolean => {
        const batch = queue.take(size);
        if (batch === undefined) return false;
        expect(batch.entries.length).toBeLessThanOrEqual(size);
        const others = new Set(held.flatMap(({ entries }) => entries.flatMap(peopleOf)));
        expect(batch.entries.flatMap(peopleOf).filter((id) => others.has(id))).toEqual([]);
        held.push(batch);
        given.push(...(batch.entries as readonly Numbered[]));
        return true;
      };
      for (const one of steps) {
        if ('push' in one) queue.push(one.push.map((people) => entry(pushed++, people)));
        else if ('take' in one) take(one.take);
        else for (const batch of held.splice(one.release, 1)) queue.release(batch);
      }
      for (const batch of held.splice(0)) queue.release(batch);
      while (take(3)) for (const batch of held.splice(0)) queue.release(batch);
      expect(given.map((one) => one[place]).toSorted((one, other) => one - other)).toEqual(Array.from({ length: pushed }, (_, n) => n));
      for (const person of 'abcdef') {
        const theirs = given.filter((one) => peopleOf(one).includes(person)).map((one) => one[place]);
        expect(theirs).toEqual(theirs.toSorted((one, other) => one - other));
      }
    }),
  );
});

it('lets others pass somebody whose events are many', () => {
  const queue = new Queue(nobodyKnown);
  queue.push([entry(0, ['busy']), entry(1, ['busy']), entry(2, ['other'])]);
  const first = queue.take(1);
  expect(first?.entries.flatMap(peopleOf)).toEqual(['busy']);
  expect(queue.take(5)?.entries.flatMap(peopleOf)).toEqual(['other']);
  expect(queue.take(5)).toBeUndefined();
  if (first !== undefined) queue.release(first);
  expect(queue.take(5)?.entries.flatMap(peopleOf)).toEqual(['busy']);
});

it('takes what belongs together whole, however long it is', () => {
  const queue = new Queue(nobodyKnown);
  const page = { ...entry(0, ['a']), sightings: ['a', 'b', 'c'].flatMap((id, n) => entry(n, [id]).sightings) };
  queue.push([page, entry(1, ['d'])]);
  expect(queue.take(2)?.entries).toEqual([page]);
  expect(queue.take(2)?.entries.flatMap(peopleOf)).toEqual(['d']);
});

it('under load keeps a few waiting with the many of a batch that ends soon, and nobody where little waits', () => {
  const queue = new Queue(nobodyKnown);
  queue.push([entry(0, ['busy'])]);
  const first = queue.take(4);
  queue.push([...[1, 2, 3].map((number) => entry(number, ['busy'])), entry(4, ['other'])]);
  expect(queue.take(4)).toBeUndefined();
  expect(queue.take(8)?.entries.flatMap(peopleOf)).toEqual(['other']);
  queue.push([entry(5, ['third'])]);
  expect(queue.take(4)).toBeUndefined();
  if (first !== undefined) queue.release(first);
  expect(queue.take(4)?.entries.flatMap(peopleOf)).toEqual(['busy', 'busy', 'busy', 'third']);
});
