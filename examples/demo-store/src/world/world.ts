import type { Happening } from './happening.ts';
import { historyOf } from './history.ts';
import { makePeople, type Person } from './people.ts';
import { stores } from './places.ts';
import { products } from './products.ts';
import { type Random, random } from './random.ts';
import { browsingTime } from './rhythm.ts';
import { junk } from './writing.ts';

export interface WorldOptions {
  /** Default 5,000. */
  readonly people?: number;
  /** Times are told relative to this instant. */
  readonly today: Date;
  readonly seed?: string;
}

export interface World {
  readonly people: readonly Person[];
  /** Everything that happened, the oldest first. */
  readonly happenings: readonly Happening[];
}

/** A retailer's last eighteen months. The same options make the same world to the letter. */
export function makeWorld({ people: count = 5000, today, seed = 'enishi' }: WorldOptions): World {
  const people = makePeople(count, seed);
  const happenings = people.flatMap((person) => historyOf(person, today, random(`${seed}/history/${person.number}`)));
  happenings.push(...walkIns(Math.ceil(count / 20), today, random(`${seed}/walk-ins`)));
  return { people, happenings: happenings.sort((a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1)) };
}

/** Receipts of nobody in particular; a clerk who must fill a field fills it with junk. */
const walkIns = (count: number, today: Date, dice: Random): Happening[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'receipt',
    id: `W-${index + 1}`,
    at: browsingTime(today, 120, dice),
    person: undefined,
    signs: dice.chance(0.5) ? { phone: dice.pick(junk.phone) } : dice.chance(0.4) ? { member: dice.pick(junk.account) } : {},
    store: dice.weighted(stores).code,
    lines: [{ product: dice.weighted(products), quantity: 1 }],
  }));
