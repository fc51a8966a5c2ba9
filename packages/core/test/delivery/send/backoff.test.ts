import { backoffSeconds, defaultRetry } from '@enishi/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedPause, longestPauseSeconds } from '../../../src/delivery/backoff.ts';
import { decide } from '../../../src/delivery/send/decide.ts';

const policy = fc.record({
  baseSeconds: fc.double({ min: 0.001, max: 1e4, noNaN: true }),
  capSeconds: fc.double({ min: 0.001, max: 1e6, noNaN: true }),
  maxAttempts: fc.integer({ min: 1, max: 100 }),
});
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoff', () => {
  it('stays between nothing and the doubled bound, and never above the cap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), policy, random, (attempt, retry, chance) => {
        const seconds = backoffSeconds(attempt, retry, () => chance);
        expect(seconds).toBeGreaterThanOrEqual(0);
        expect(seconds).toBeLessThanOrEqual(retry.capSeconds);
        expect(seconds).toBeLessThanOrEqual(retry.baseSeconds * 2 ** (attempt - 1));
      }),
    );
  });

  it('uses the whole range, so that what failed together does not come back together', () => {
    expect(backoffSeconds(3, defaultRetry, () => 0)).toBe(0);
    expect(backoffSeconds(3, defaultRetry, () => 0.999)).toBeCloseTo(40 * 0.999);
  });

  it('takes a pause that was asked for only where it is a usable number', () => {
    expect(askedPause(90)).toBe(90);
    expect(askedPause(-5)).toBe(0);
    expect(askedPause(1e12)).toBe(longestPauseSeconds);
    for (const nonsense of [Number.NaN, Number.POSITIVE_INFINITY, '90', undefined, null]) expect(askedPause(nonsense)).toBeUndefined();
  });
});

describe('what follows from an outcome', () => {
  const now = new Date('2026-04-01T00:00:00Z');

  it('is death exactly when the budget of attempts is used up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), policy, random, (budget, retry, chance) => {
        const { status, dueAt, reason } = decide({ status: 'retry', reason: 'busy' }, { budget, now, retry, random: () => chance });
        expect(status).toBe(budget >= retry.maxAttempts ? 'DEAD' : 'PENDING');
        if (status === 'DEAD') expect(reason).toBe(`gave up after ${budget} attempts: busy`);
        else expect(dueAt?.getTime()).toBeGreaterThanOrEqual(now.getTime());
      }),
    );
  });

  it('waits exactly as long as the destination asked', () => {
    const decision = decide({ status: 'retry', reason: '429', afterSeconds: 17 }, { budget: 1, now, retry: defaultRetry, random: () => 0 });
    expect(decision.dueAt).toEqual(new Date('2026-04-01T00:00:17Z'));
  });
});
