/** How long and how often a delivery is tried again. */
export interface RetryPolicy {
  /** Upper bound of the first pause; it doubles with each attempt. */
  readonly baseSeconds: number;
  readonly capSeconds: number;
  /** After this many attempts without success the delivery is dead. */
  readonly maxAttempts: number;
}

/** About nine hours of trying in all: a partner's bad night passes, a wrong address does not occupy the line for days. */
export const defaultRetry: RetryPolicy = { baseSeconds: 10, capSeconds: 3 * 3600, maxAttempts: 16 };

/** The longest pause a destination may ask for. */
export const longestPauseSeconds = 7 * 86_400;

/**
 * Seconds to wait after the given attempt (1 is the first): anything between nothing and the doubled bound ("full
 * jitter"), so that what failed together in an outage does not come back together.
 */
export function backoffSeconds(attempt: number, policy: RetryPolicy, random: () => number = Math.random): number {
  const bound = Math.min(policy.capSeconds, policy.baseSeconds * 2 ** Math.min(attempt - 1, 40));
  return random() * bound;
}

/** The pause a destination asked for, if it is a usable number; a negative or absurd one must not lose the delivery. */
export function askedPause(afterSeconds: unknown): number | undefined {
  if (typeof afterSeconds !== 'number' || !Number.isFinite(afterSeconds)) return undefined;
  return Math.min(Math.max(afterSeconds, 0), longestPauseSeconds);
}
