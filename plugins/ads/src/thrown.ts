import { ComeBackLater, GiveUp, type Outcome } from '@enishi/plugin-sdk';

/** Anything but success. */
export type Failure = Exclude<Outcome, { status: 'delivered' }>;

/** What a failed call means where there is no outcome per person: in a replacement, an erasure, a health check. */
export function errorOf(outcome: Failure): Error {
  if (outcome.status !== 'retry') return new GiveUp(outcome.reason);
  return outcome.afterSeconds === undefined ? new Error(outcome.reason) : new ComeBackLater(outcome.afterSeconds, outcome.reason);
}
