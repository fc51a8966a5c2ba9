import type { z } from 'zod';
import type { Channel, Purpose } from './consent.ts';

/** Whom a delivery is for, as far as the destination may know them. */
export interface Recipient {
  readonly id: string;
  /** Normalised values by namespace, newest first. */
  readonly identifiers: Readonly<Record<string, readonly string[]>>;
  readonly traits: Readonly<Record<string, unknown>>;
}

/** One message or audience change for one customer. */
export interface Delivery<TMessage = unknown> {
  /** The idempotency key: a retry carries the same id. */
  readonly id: string;
  /** Key of the workspace it is sent for: what comes back (an unsubscribe link) must find its way to the same one. */
  readonly workspace: string;
  readonly recipient: Recipient;
  readonly message: TMessage;
  /** Why it is sent: the transition of the segment. */
  readonly cause: { readonly segment: string; readonly change: 'ENTERED' | 'LEFT' };
  readonly attempt: number;
}

/** What became of one delivery, and with it what the host does next. */
export type Outcome =
  | { readonly status: 'delivered'; readonly reference?: string }
  /** Asked again with growing pauses, or after exactly `afterSeconds`. */
  | { readonly status: 'retry'; readonly reason: string; readonly afterSeconds?: number }
  /** Never asked again: the request itself is wrong. */
  | { readonly status: 'rejected'; readonly reason: string }
  /** The destination is paused until an operator mends its credentials; the delivery waits. */
  | { readonly status: 'fix-credentials'; readonly reason: string };

/** A busy or broken partner is asked again, a refused key stops the destination, a wrong request is not repeated. */
export function outcomeOf(reply: Response): Outcome {
  if (reply.ok) return { status: 'delivered' };
  const reason = `${reply.status} ${reply.statusText}`.trim();
  if (reply.status === 401 || reply.status === 403) return { status: 'fix-credentials', reason };
  if (reply.status !== 408 && reply.status !== 429 && reply.status < 500) return { status: 'rejected', reason };
  const afterSeconds = Number.parseInt(reply.headers.get('retry-after') ?? '', 10);
  return Number.isNaN(afterSeconds) ? { status: 'retry', reason } : { status: 'retry', reason, afterSeconds };
}

export interface Destination {
  readonly kind: 'destination';
  readonly description: string;
  readonly purpose: Purpose;
  readonly channel: Channel;
  /** The namespace a customer must have to be reached. */
  readonly address: string;
  readonly message: z.ZodType;
  readonly batchSize: number;
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  readonly send: (deliveries: readonly Delivery<never>[], signal: AbortSignal) => Promise<readonly Outcome[]>;
  readonly healthCheck?: () => Promise<void>;
  readonly close?: () => Promise<void>;
}

export interface DestinationSpec<TMessage> {
  readonly description: string;
  /** Consent for this purpose and channel is checked by the host, when a delivery is planned and again just before it is sent. */
  readonly purpose: Purpose;
  readonly channel: Channel;
  readonly address: string;
  /** The shape of the message a program holds for this destination. */
  readonly message: z.ZodType<TMessage>;
  /** How many deliveries one call may carry. Default 1. */
  readonly batchSize?: number;
  /** How many calls one process has under way at once. Default 4. */
  readonly concurrency?: number;
  /** After this the call is aborted and its deliveries are retried. Default 30. */
  readonly timeoutSeconds?: number;
  /** Answers one outcome per delivery, in their order. */
  readonly send: (deliveries: readonly Delivery<TMessage>[], signal: AbortSignal) => Promise<readonly Outcome[]>;
  /** Throws with a sentence an operator can act on. */
  readonly healthCheck?: () => Promise<void>;
  /** Called once at shutdown. */
  readonly close?: () => Promise<void>;
}

/** Declares a destination; the type of a delivery's message follows from its schema. */
export function destination<TMessage>(spec: DestinationSpec<TMessage>): Destination {
  return { kind: 'destination', batchSize: 1, concurrency: 4, timeoutSeconds: 30, ...spec };
}
