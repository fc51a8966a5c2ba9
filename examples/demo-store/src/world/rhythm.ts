import type { Persona } from './people.ts';
import type { Random } from './random.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** Stores are open from ten to nine in Tokyo. */
const openingHour = 10;
const closingHour = 21;
const tokyo = 9 * 60 * minute;

/** That many days before `today`, at an hour when people shop, and never later than a minute ago. */
const shoppingHour = (today: Date, daysAgo: number, dice: Random): Date => {
  const midnight = Math.floor((today.getTime() + tokyo) / day) * day - tokyo;
  const at = midnight - daysAgo * day + dice.between(openingHour * 60, closingHour * 60 - 1) * minute + dice.between(0, 59) * 1000;
  return new Date(at < today.getTime() - minute ? at : at - day);
};

/** Days before today on which somebody of this kind bought, the oldest first. */
const purchaseDays = (persona: Persona, dice: Random): number[] => {
  switch (persona) {
    case 'newcomer':
      return [dice.between(0, 27)];
    case 'returning': {
      const last = dice.between(1, 40);
      const first = last + dice.between(10, 45);
      return dice.chance(0.4) ? [first, dice.between(last + 1, first - 1), last] : [first, last];
    }
    case 'regular':
      return every(dice.between(28, 60), dice.between(0, 45), dice);
    case 'gold':
      return every(dice.between(11, 20), dice.between(0, 12), dice);
    case 'lapsed': {
      const last = dice.between(92, 380);
      return Array.from({ length: dice.between(1, 5) }, (_, index) => last + index * dice.between(20, 60)).reverse();
    }
    case 'lapsing':
      return Array.from({ length: dice.between(1, 4) }, (_, index) => 130 + index * dice.between(20, 60)).reverse();
    case 'browser':
      return [];
  }
};

/** About one purchase in `gap` days over the last year, the latest `last` days ago. */
const every = (gap: number, last: number, dice: Random): number[] => {
  const days: number[] = [];
  for (let ago = last; ago < 360; ago += Math.max(3, gap + dice.between(-Math.floor(gap / 2), Math.floor(gap / 2)))) days.push(ago);
  return days.reverse();
};

/**
 * When somebody bought, the oldest first. The last purchase of a `lapsing` person was 90 days ago less some minutes:
 * they cross the line while one watches, and only an exact clock shows it.
 */
export function purchaseTimes(persona: Persona, today: Date, dice: Random): Date[] {
  const times = purchaseDays(persona, dice).map((ago) => shoppingHour(today, ago, dice));
  if (persona === 'lapsing') times.push(new Date(today.getTime() - 90 * day + dice.between(60, 45 * 60) * 1000));
  return times.sort((a, b) => a.getTime() - b.getTime());
}

/** A moment of browsing in the last days, evenings included. */
export const browsingTime = (today: Date, withinDays: number, dice: Random): Date =>
  new Date(today.getTime() - dice.between(10, withinDays * 24 * 60) * minute);

export const before = (instant: Date, minutes: number): Date => new Date(instant.getTime() - minutes * minute);
