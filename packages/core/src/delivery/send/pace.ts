import type { RateLimit } from '@enishi/plugin-sdk';

/** How many calls began in a slot of time: its number since 1970, and the count. */
export type Taken = readonly (readonly [slot: number, calls: number])[];

/** What may begin now; `again` says when to ask if that is nothing. */
export interface Allowance {
  readonly calls: number;
  readonly again: Date | undefined;
}

/** A window is remembered in this many slots, so that a limit of thousands of calls needs no more room than one of ten. */
const slots = 64;
const slotOf = ({ perSeconds }: RateLimit): number => Math.max(1, Math.ceil((perSeconds * 1000) / slots));

/**
 * A call counts until its whole slot and one more have left the window: never a moment too short, and there is room for the
 * time between counting it and its leaving the machine. What the partner allows is so used to 97 %.
 */
const goneAt = (slot: number, limit: RateLimit): number => (slot + 2) * slotOf(limit) + limit.perSeconds * 1000;

const counting = (limit: RateLimit, taken: Taken, now: Date): Taken => taken.filter(([slot]) => goneAt(slot, limit) > now.getTime());

/** What these limits still allow at once: the least of them. */
export function allowance(limits: readonly RateLimit[], taken: readonly Taken[], now: Date): Allowance {
  return limits
    .map((limit, index) => allowanceOf(limit, taken[index] ?? [], now))
    .reduce(least, { calls: Number.POSITIVE_INFINITY, again: undefined });
}

function allowanceOf(limit: RateLimit, taken: Taken, now: Date): Allowance {
  const recent = counting(limit, taken, now);
  const calls = limit.calls - recent.reduce((sum, [, count]) => sum + count, 0);
  if (calls > 0) return { calls, again: undefined };
  const soonest = Math.min(...recent.map(([slot]) => goneAt(slot, limit)));
  return { calls: 0, again: new Date(soonest) };
}

const least = (left: Allowance, right: Allowance): Allowance => ({
  calls: Math.min(left.calls, right.calls),
  again: [left.again, right.again].filter((at) => at !== undefined).sort((a, b) => b.getTime() - a.getTime())[0],
});

/** What is remembered after so many calls more. Slots that no longer count are forgotten. */
export function withCalls(limits: readonly RateLimit[], taken: readonly Taken[], { calls, now }: { calls: number; now: Date }): Taken[] {
  return limits.map((limit, index): Taken => {
    const current = Math.floor(now.getTime() / slotOf(limit));
    const recent = counting(limit, taken[index] ?? [], now);
    if (calls === 0) return recent;
    const already = recent.find(([slot]) => slot === current)?.[1] ?? 0;
    return [...recent.filter(([slot]) => slot !== current), [current, already + calls] as const];
  });
}
