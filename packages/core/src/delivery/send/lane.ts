import type { Delivery, Desk, Destination, Outcome } from '@enishi/plugin-sdk';
import type { Database } from '../../db/database.ts';
import type { RetryPolicy } from '../backoff.ts';
import { type OpensDesks, pluginOf } from '../desk.ts';
import { listenOn, type Wire } from '../log/wire.ts';
import { Messages } from '../program/messages.ts';
import { valuesOf } from '../trait-values.ts';
import { Breaker, type BreakerPolicy } from './breaker.ts';
import { type CauseEvent, type Causes, loadCauses } from './causes.ts';
import { type Claimed, claimDeliveries } from './claim.ts';
import { type Decision, decide } from './decide.ts';
import { Recorder } from './recorder.ts';
import { send } from './send.ts';
import { startCalls } from './start.ts';

export interface LaneOptions {
  readonly database: Database;
  readonly workspaceId: number;
  readonly destinationId: number;
  readonly key: string;
  readonly destination: Destination;
  readonly desks: OpensDesks;
  readonly breaker: BreakerPolicy;
  readonly retry: RetryPolicy;
  readonly now: () => Date;
  readonly random: () => number;
  /** Something of this lane falls due then. */
  readonly onDue: (at: Date) => void;
  readonly onError: (error: unknown) => void;
  readonly onAttempt: (decision: Decision) => void;
}

/** Time to write outcomes down, and for clocks that differ, before a claim is taken for abandoned. */
const leaseMarginMs = 60_000;
const afterFailureMs = 1000;
const busyPauseMs = 50;

/**
 * The deliveries of one workspace to one destination. Each lane has its own calls under way and waits for no other. It
 * claims exactly what it can send at once, within the limits of the destination and only while its circuit is closed.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #messages: Messages;
  readonly #recorder: Recorder;
  /** Until the partner has answered. */
  readonly #calls = new Set<Promise<void>>();
  /** Until the answer is written down. */
  readonly #answers = new Set<Promise<void>>();
  #claiming: Promise<void> | undefined;
  readonly #breaker: Breaker;
  #restUntil: Date | undefined;
  #due = false;
  #stopped = false;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#messages = new Messages(options.database, options.workspaceId, options.destination);
    this.#recorder = new Recorder(options);
    this.#breaker = new Breaker(options.breaker);
  }

  /** There may be something due. */
  wake(): void {
    this.#due = true;
    this.#pump();
  }

  /** Until when nothing of this lane may be sent, whatever is due. */
  restUntil(now: Date): Date | undefined {
    const rests = [this.#restUntil, this.#breaker.restUntil(now)].filter((at) => at !== undefined && at > now);
    return rests.sort((left, right) => Number(right) - Number(left))[0];
  }

  /** Takes nothing more; what is under way goes on. */
  stop(): void {
    this.#stopped = true;
  }

  /** Resolves when nothing is being claimed or sent. */
  async idle(): Promise<void> {
    while (this.#claiming !== undefined || this.#calls.size + this.#answers.size > 0)
      await Promise.allSettled([this.#claiming, ...this.#calls, ...this.#answers]);
  }

  #pump(): void {
    if (this.#stopped || !this.#due || this.#claiming !== undefined) return;
    // A partner that answers faster than the database writes must not pile up answers.
    if (this.#answers.size >= this.#options.destination.concurrency) return;
    const now = this.#options.now();
    const rest = this.restUntil(now);
    const calls = Math.min(this.#options.destination.concurrency - this.#calls.size, this.#breaker.permits(now));
    if (rest !== undefined) this.#options.onDue(rest);
    if (rest !== undefined || calls <= 0) return;
    this.#due = false;
    this.#claiming = this.#claim(calls)
      .catch((error: unknown) => {
        this.#options.onError(error);
        this.#options.onDue(new Date(this.#options.now().getTime() + afterFailureMs));
      })
      .finally(() => {
        this.#claiming = undefined;
        this.#pump();
      });
  }

  async #claim(calls: number): Promise<void> {
    const { database, workspaceId, destinationId, destination, retry, now, onDue } = this.#options;
    const at = now();
    const { claimed, more, lookAgainAt, restUntil } = await claimDeliveries(database, {
      workspaceId,
      destinationId,
      destination,
      calls,
      maxAttempts: retry.maxAttempts,
      now: at,
      leaseUntil: new Date(at.getTime() + destination.timeoutSeconds * 1000 + leaseMarginMs),
    });
    if (more) this.#due = true;
    if (restUntil) {
      this.#restUntil = restUntil;
      this.#due = true;
    }
    if (lookAgainAt) onDue(lookAgainAt);
    const [events] = await Promise.all([loadCauses(database, workspaceId, claimed), this.#messages.learn(claimed)]);
    const again = new Date(now().getTime() + busyPauseMs);
    const left = await startCalls(database, { workspaceId, destination, claimed, lookAgainAt: again }, (may) => {
      for (let start = 0; start < may.length; start += destination.batchSize)
        this.#begin(may.slice(start, start + destination.batchSize), events);
    });
    if (left > 0) onDue(again);
  }

  #begin(batch: readonly Claimed[], events: Causes): void {
    this.#breaker.began();
    this.#follow(this.#calls, async () => {
      const call = await this.#deliver(batch, events);
      // The partner has room for the next call while this one's outcomes are written down.
      this.#follow(this.#answers, () => this.#record(batch, call));
    });
  }

  #follow(among: Set<Promise<void>>, work: () => Promise<void>): void {
    const done = work()
      .catch(this.#options.onError)
      .finally(() => {
        among.delete(done);
        this.#pump();
      });
    among.add(done);
  }

  async #deliver(batch: readonly Claimed[], events: Causes): Promise<Call> {
    const { destination, now } = this.#options;
    const outcomes = new Map<string, Outcome>();
    const deliveries: Delivery[] = [];
    for (const claimed of batch) {
      const message = this.#messages.of(claimed);
      if ('problem' in message) outcomes.set(claimed.id, { status: 'rejected', reason: message.problem });
      else deliveries.push(deliveryOf(claimed, message.value, events.get(claimed.eventId ?? '')));
    }
    const at = now();
    const started = performance.now();
    let wire: Wire | undefined;
    if (deliveries.length > 0) {
      const { outcomes: answers, ...result } = await send(destination, deliveries, (signal) => {
        const desk = this.#desk(batch, signal);
        if (batch.some(({ watched }) => watched)) wire = listenOn(desk, (text) => this.#redacted(text));
        return wire?.desk ?? desk;
      });
      this.#breaker.ended(result, now());
      for (const [index, { id }] of deliveries.entries()) outcomes.set(id, answers[index] ?? noOutcome);
    } else this.#breaker.ended({ failed: false }, now());
    return { outcomes, at, milliseconds: Math.round(performance.now() - started), wire };
  }

  async #record(batch: readonly Claimed[], { outcomes, at, milliseconds, wire }: Call): Promise<void> {
    const { now, retry, random, onDue, onAttempt } = this.#options;
    const attempted = batch.map(({ id, attempt, budget, addressId, watched }) => {
      const decision = decide(outcomes.get(id) ?? noOutcome, { budget, now: now(), retry, random });
      const reason = decision.reason === undefined ? {} : { reason: this.#redacted(decision.reason) };
      return { id, attempt, at, milliseconds, addressId, decision: { ...decision, ...reason }, calls: watched ? wire?.calls : undefined };
    });
    const freed = await this.#recorder.add(attempted);
    if (freed > 0) this.#due = true;
    for (const { decision } of attempted) {
      onAttempt(decision);
      if (decision.outcome !== 'fix-credentials' && decision.dueAt) onDue(decision.dueAt);
    }
  }

  #desk([first]: readonly Claimed[], signal: AbortSignal): Desk {
    const { desks, key, workspaceId } = this.#options;
    return desks.of(pluginOf(key), { id: workspaceId, key: first?.workspace ?? '' }, signal);
  }

  #redacted(text: string): string {
    return this.#options.desks.redacted(pluginOf(this.#options.key), text);
  }
}

interface Call {
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly at: Date;
  readonly milliseconds: number;
  readonly wire: Wire | undefined;
}

const noOutcome: Outcome = { status: 'retry', reason: 'no outcome' };

const deliveryOf = (claimed: Claimed, message: unknown, event: CauseEvent | undefined): Delivery => ({
  id: claimed.id,
  workspace: claimed.workspace,
  recipient: {
    id: claimed.customerId,
    identifiers: claimed.identifiers,
    traits: valuesOf(claimed.traits),
  },
  message,
  cause: { segment: claimed.segment, change: claimed.change, at: claimed.changedAt, ...(event ? { event } : {}) },
  attempt: claimed.attempt,
  ...(claimed.operation === null ? {} : { operation: claimed.operation }),
});
