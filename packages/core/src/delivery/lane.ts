import type { Delivery, Destination, Outcome } from '@enishi/plugin-sdk';
import type { Database } from '../db/database.ts';
import type { RetryPolicy } from './backoff.ts';
import { type Claimed, claimDeliveries } from './claim.ts';
import { type Decision, decide } from './decide.ts';
import { Messages } from './messages.ts';
import { Recorder } from './recorder.ts';
import { send } from './send.ts';

export interface LaneOptions {
  readonly database: Database;
  readonly workspaceId: number;
  readonly destinationId: number;
  readonly destination: Destination;
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

/**
 * The deliveries of one workspace to one destination. Each lane has its own calls under way and waits for no other. It
 * claims exactly what it can send at once: nothing lies between the check of consent and the call.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #messages: Messages;
  readonly #recorder: Recorder;
  readonly #calls = new Set<Promise<void>>();
  #claiming: Promise<void> | undefined;
  #due = false;
  #stopped = false;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#messages = new Messages(options.database, options.workspaceId, options.destination);
    this.#recorder = new Recorder(options);
  }

  /** There may be something due. */
  wake(): void {
    this.#due = true;
    this.#pump();
  }

  /** Takes nothing more; what is under way goes on. */
  stop(): void {
    this.#stopped = true;
  }

  /** Resolves when nothing is being claimed or sent. */
  async idle(): Promise<void> {
    while (this.#claiming !== undefined || this.#calls.size > 0) await Promise.allSettled([this.#claiming, ...this.#calls]);
  }

  #pump(): void {
    const free = this.#options.destination.concurrency - this.#calls.size;
    if (this.#stopped || !this.#due || this.#claiming !== undefined || free <= 0) return;
    this.#due = false;
    this.#claiming = this.#claim(free * this.#options.destination.batchSize)
      .catch((error: unknown) => {
        this.#options.onError(error);
        this.#options.onDue(new Date(this.#options.now().getTime() + afterFailureMs));
      })
      .finally(() => {
        this.#claiming = undefined;
        this.#pump();
      });
  }

  async #claim(limit: number): Promise<void> {
    const { database, workspaceId, destinationId, destination, retry, now } = this.#options;
    const at = now();
    const { claimed, more, lookAgainAt } = await claimDeliveries(database, {
      workspaceId,
      destinationId,
      purpose: destination.purpose,
      channel: destination.channel,
      address: destination.address,
      limit,
      maxAttempts: retry.maxAttempts,
      now: at,
      leaseUntil: new Date(at.getTime() + destination.timeoutSeconds * 1000 + leaseMarginMs),
    });
    if (more) this.#due = true;
    if (lookAgainAt) this.#options.onDue(lookAgainAt);
    await this.#messages.learn(claimed);
    for (let start = 0; start < claimed.length; start += destination.batchSize)
      this.#begin(claimed.slice(start, start + destination.batchSize));
  }

  #begin(batch: readonly Claimed[]): void {
    const call = this.#deliver(batch)
      .catch(this.#options.onError)
      .finally(() => {
        this.#calls.delete(call);
        this.#pump();
      });
    this.#calls.add(call);
  }

  async #deliver(batch: readonly Claimed[]): Promise<void> {
    const { destination, now, retry, random, onDue, onAttempt } = this.#options;
    const outcomes = new Map<string, Outcome>();
    const deliveries: Delivery[] = [];
    for (const claimed of batch) {
      const message = this.#messages.of(claimed);
      if ('problem' in message) outcomes.set(claimed.id, { status: 'rejected', reason: message.problem });
      else deliveries.push(deliveryOf(claimed, message.value));
    }
    const at = now();
    const started = performance.now();
    const answers = deliveries.length > 0 ? await send(destination, deliveries) : [];
    const milliseconds = Math.round(performance.now() - started);
    for (const [index, { id }] of deliveries.entries()) outcomes.set(id, answers[index] ?? { status: 'retry', reason: 'no outcome' });
    const attempted = batch.map(({ id, attempt, budget }) => {
      const outcome = outcomes.get(id) ?? { status: 'retry', reason: 'no outcome' };
      return { id, attempt, at, milliseconds, decision: decide(outcome, { budget, now: now(), retry, random }) };
    });
    await this.#recorder.add(attempted);
    for (const { decision } of attempted) {
      onAttempt(decision);
      if (decision.outcome === 'retry' && decision.dueAt) onDue(decision.dueAt);
    }
  }
}

const deliveryOf = (claimed: Claimed, message: unknown): Delivery => ({
  id: claimed.id,
  workspace: claimed.workspace,
  recipient: {
    id: claimed.customerId,
    identifiers: claimed.identifiers,
    traits: Object.fromEntries(Object.entries(claimed.traits).map(([key, { v }]) => [key, v])),
  },
  message,
  cause: { segment: claimed.segment, change: claimed.change },
  attempt: claimed.attempt,
});
