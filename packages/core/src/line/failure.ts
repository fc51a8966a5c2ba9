import { CustomerGone } from '../customer/store.ts';
import { codeOf } from '../db/sql-state.ts';

export type Failure = 'again' | 'unavailable' | 'refused' | 'defect';

/**
 * What to do about a failed batch: two batches met and one must start over; the database is away; something in the
 * batch was refused or stumbled over, which is then found by halving; or a statement of ours is wrong.
 */
export function classify(error: unknown): Failure {
  if (error instanceof CustomerGone) return 'again';
  const code = codeOf(error);
  if (code === '40P01' || code === '40001' || code === '23505') return 'again';
  // 22: the data itself; 23: a constraint it breaks; 54: too large for an index.
  if (/^(?:22|23|54)/.test(code)) return 'refused';
  // 08: connection; 25: it may not write; 53: resources; 57: shut down or cancelled; 58: the disk.
  if (/^(?:08|25|53|57|58)/.test(code) || /^E[A-Z]+$/.test(code) || isLostConnection(error)) return 'unavailable';
  // Any other word of PostgreSQL's is about our statements; what is thrown without one, our code stumbled over in some event.
  return /^[0-9A-Z]{5}$/.test(code) ? 'defect' : 'refused';
}

/** The driver says some of these in words only. */
const isLostConnection = (error: unknown): boolean =>
  error instanceof Error &&
  /connection (?:terminated|ended|error)|client (?:was closed|has encountered)|timeout exceeded/i.test(error.message);

/** A short wait that grows and differs between the two that met. */
export const pause = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * 5 * 2 ** Math.min(attempt, 6)));
