import type { Outcome } from '@enishi/plugin-sdk';
import { askedPause, backoffSeconds, type RetryPolicy } from '../backoff.ts';

/** What follows from an outcome. */
export interface Decision {
  readonly outcome: Outcome['status'];
  readonly status: 'DELIVERED' | 'PENDING' | 'DEAD';
  readonly dueAt?: Date;
  readonly reason?: string;
  readonly reference?: string;
}

export interface Circumstances {
  /** Attempts since the delivery was planned or replayed, this one included. */
  readonly budget: number;
  readonly now: Date;
  readonly retry: RetryPolicy;
  readonly random: () => number;
}

/** Whoever waits for as long as it takes is not asked in a loop. */
const shortestWaitSeconds = 60;

export function decide(outcome: Outcome, { budget, now, retry, random }: Circumstances): Decision {
  switch (outcome.status) {
    case 'delivered':
      return { outcome: 'delivered', status: 'DELIVERED', ...(outcome.reference === undefined ? {} : { reference: outcome.reference }) };
    case 'rejected':
    case 'unreachable':
      return { outcome: outcome.status, status: 'DEAD', reason: outcome.reason };
    case 'waiting': {
      const seconds = Math.max(askedPause(outcome.afterSeconds) ?? retry.capSeconds, shortestWaitSeconds);
      return { outcome: 'waiting', status: 'PENDING', dueAt: inSeconds(seconds, now), reason: outcome.reason };
    }
    case 'fix-credentials':
      return { outcome: 'fix-credentials', status: 'PENDING', dueAt: now, reason: outcome.reason };
    case 'retry': {
      if (budget >= retry.maxAttempts)
        return { outcome: 'retry', status: 'DEAD', reason: `gave up after ${budget} attempts: ${outcome.reason}` };
      const seconds = askedPause(outcome.afterSeconds) ?? backoffSeconds(budget, retry, random);
      return { outcome: 'retry', status: 'PENDING', dueAt: inSeconds(seconds, now), reason: outcome.reason };
    }
  }
}

const inSeconds = (seconds: number, now: Date): Date => new Date(now.getTime() + Math.ceil(seconds * 1000));
