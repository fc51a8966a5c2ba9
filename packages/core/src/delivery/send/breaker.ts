/** When calls of a destination are held back because it fails. */
export interface BreakerPolicy {
  /** So many failed calls in a row open the circuit. */
  readonly failures: number;
  /** Half of so many calls failed: that opens it, too. A partner that answers every other call gets as little done as one that is down, and costs more. */
  readonly sample: number;
  /** How long it stays open at first; it doubles while the probe fails. */
  readonly restSeconds: number;
  readonly longestRestSeconds: number;
}

/** A partner that is down is asked once in a while instead of with everything that waits: no attempts are used up on it. */
export const defaultBreaker: BreakerPolicy = { failures: 5, sample: 20, restSeconds: 5, longestRestSeconds: 300 };

/** What one call came to, as far as the circuit is concerned. */
export interface CallResult {
  /** `undefined` where it says nothing about the partner. */
  readonly failed: boolean | undefined;
  /** Seconds the partner asked to stay away for. */
  readonly askedSeconds?: number | undefined;
  /** The partner said so for the whole of it, not for one delivery: it holds at once, and for that long. */
  readonly forAll?: boolean | undefined;
}

/** The circuit of one destination in one process: closed, open until an instant, then one probe decides. */
export class Breaker {
  readonly #policy: BreakerPolicy;
  #failures = 0;
  /** The last calls: whether each failed. */
  #recent: boolean[] = [];
  #rests = 0;
  #restUntil: number | undefined;
  #probing = false;

  constructor(policy: BreakerPolicy = defaultBreaker) {
    this.#policy = policy;
  }

  /** Until when nothing may be called; `undefined` where something may. */
  restUntil(now: Date): Date | undefined {
    return this.#restUntil !== undefined && this.#restUntil > now.getTime() ? new Date(this.#restUntil) : undefined;
  }

  /** How many calls may begin: all, one to try, none. */
  permits(now: Date): number {
    if (this.restUntil(now) !== undefined || this.#probing) return 0;
    return this.#restUntil === undefined ? Number.POSITIVE_INFINITY : 1;
  }

  began(): void {
    if (this.#restUntil !== undefined) this.#probing = true;
  }

  ended({ failed, askedSeconds, forAll = false }: CallResult, now: Date): void {
    this.#probing = false;
    if (failed === undefined) return;
    this.#recent.push(failed);
    if (!failed) {
      this.#failures = 0;
      this.#rests = 0;
      this.#restUntil = undefined;
      return;
    }
    this.#failures += 1;
    if (this.#failures < this.#policy.failures && !this.#halfFailed() && this.#restUntil === undefined && !forAll) return;
    this.#recent = [];
    const { restSeconds, longestRestSeconds } = this.#policy;
    const own = restSeconds * 2 ** Math.min(this.#rests, 20);
    const seconds = forAll && askedSeconds !== undefined ? askedSeconds : Math.min(longestRestSeconds, askedSeconds ?? own);
    this.#rests += 1;
    this.#restUntil = Math.max(this.#restUntil ?? 0, now.getTime() + Math.ceil(seconds * 1000));
  }

  #halfFailed(): boolean {
    const { sample } = this.#policy;
    this.#recent = this.#recent.slice(-sample);
    return this.#recent.length === sample && this.#recent.filter(Boolean).length * 2 >= sample;
  }
}
