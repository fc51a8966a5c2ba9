import type { z } from 'zod';
import type { Channel, Purpose } from './consent.ts';
import type { Desk } from './desk.ts';
import type { Outcome } from './outcome.ts';

/** Whom a delivery is for, as far as the destination may know them. */
export interface Recipient {
  readonly id: string;
  /** Normalised values by namespace, newest first. */
  readonly identifiers: Readonly<Record<string, readonly string[]>>;
  readonly traits: Readonly<Record<string, unknown>>;
}

/** The transition of a segment that a delivery follows from. */
export interface DeliveryCause {
  readonly segment: string;
  readonly change: 'ENTERED' | 'LEFT';
  /** When the customer entered or left. */
  readonly at?: Date;
  /** The event that made them, where it was one: its id, the same wherever it is told, when it happened and what it says. */
  readonly event?: {
    readonly id: string;
    readonly type: string;
    readonly at: Date;
    readonly properties: Readonly<Record<string, unknown>>;
  };
}

/** One message or audience change for one customer. */
export interface Delivery<TMessage = unknown> {
  /** The idempotency key: a retry carries the same id. */
  readonly id: string;
  /** Key of the workspace it is sent for: what comes back (an unsubscribe link) must find its way to the same one. */
  readonly workspace: string;
  readonly recipient: Recipient;
  readonly message: TMessage;
  /** Why it is sent. */
  readonly cause: DeliveryCause;
  readonly attempt: number;
}

/** A person goes into an audience or out of it. The message says which audience. */
export interface AudienceChange<TMessage = unknown> extends Delivery<TMessage> {
  readonly operation: 'ADD' | 'REMOVE';
}

/** No more than `calls` calls of `send` in any `perSeconds` seconds, counted over all processes. */
export interface RateLimit {
  readonly calls: number;
  readonly perSeconds: number;
}

/** How something would look, without sending it. */
export interface Preview {
  /** What is shown: one part per way of showing it, such as `{ name: 'html', contentType: 'text/html', body }`. */
  readonly parts: readonly { readonly name: string; readonly contentType: string; readonly body: string }[];
}

interface DestinationOptions {
  readonly description: string;
  /** Consent for this purpose and channel is checked by the host, when a delivery is planned and again just before it is sent. */
  readonly purpose: Purpose;
  readonly channel: Channel;
  /** The namespace a customer must have to be reached; of several, any one will do. */
  readonly address: string | readonly [string, ...string[]];
  /** Throws with a sentence an operator can act on. */
  readonly healthCheck?: (desk: Desk) => Promise<void>;
  /** A customer has been erased: whatever the partner still holds of them must go. Asked again while it throws. */
  readonly onErase?: (recipient: Recipient, desk: Desk) => Promise<void>;
  /** Called once at shutdown. */
  readonly close?: () => Promise<void>;
}

interface Pace {
  /** How many deliveries one call may carry. Default 1 for messages, 500 for audiences. */
  readonly batchSize: number;
  /** How many calls one process has under way at once. Default 4. */
  readonly concurrency: number;
  /** After this the call is aborted and its deliveries are retried. Default 30. */
  readonly timeoutSeconds: number;
  /** What the partner allows. Default: nothing declared, no limit. */
  readonly limits: readonly RateLimit[];
}

export interface MessageDestination extends DestinationOptions, Pace {
  readonly kind: 'message';
  readonly message: z.ZodType;
  readonly send: (deliveries: readonly Delivery<never>[], desk: Desk) => Promise<readonly Outcome[]>;
  readonly preview?: (delivery: Delivery<never>, desk: Desk) => Promise<Preview>;
}

export interface MessageSpec<TMessage> extends DestinationOptions, Partial<Pace> {
  /** The shape of the message a program holds for this destination. */
  readonly message: z.ZodType<TMessage>;
  /** Answers one outcome per delivery, in their order. Two deliveries for one customer are never under way at once. */
  readonly send: (deliveries: readonly Delivery<TMessage>[], desk: Desk) => Promise<readonly Outcome[]>;
  /** Renders without sending. */
  readonly preview?: (delivery: Delivery<TMessage>, desk: Desk) => Promise<Preview>;
}

/** Declares a destination for messages; the type of a delivery's message follows from its schema. */
export function destination<TMessage>(spec: MessageSpec<TMessage>): MessageDestination {
  return { kind: 'message', batchSize: 1, concurrency: 4, timeoutSeconds: 30, limits: [], ...spec };
}

export interface AudienceDestination extends DestinationOptions, Pace {
  readonly kind: 'audience';
  readonly message: z.ZodType;
  readonly apply: (changes: readonly AudienceChange<never>[], desk: Desk) => Promise<readonly Outcome[]>;
  readonly replace?: (audience: never, everybody: AsyncIterable<Recipient>, desk: Desk) => Promise<void>;
}

export interface AudienceSpec<TMessage> extends DestinationOptions, Partial<Pace> {
  /** Which audience of the partner's: the shape of what a program holds for this destination. */
  readonly message: z.ZodType<TMessage>;
  /**
   * Puts people in and takes them out; one outcome per change, in their order; one audience and one operation per call.
   * Whoever leaves the segment, takes consent back or is erased is taken out: the host asks for that whatever consent says.
   */
  readonly apply: (changes: readonly AudienceChange<TMessage>[], desk: Desk) => Promise<readonly Outcome[]>;
  /**
   * Makes the partner's audience exactly these people. Asked for by an operator, when the two are feared to differ. `apply` is not
   * called for this audience meanwhile, and what changes while the people are read is told by `apply` afterwards.
   */
  readonly replace?: (audience: TMessage, everybody: AsyncIterable<Recipient>, desk: Desk) => Promise<void>;
}

/** Declares a destination for audiences, such as an advertiser's list. */
export function audience<TMessage>(spec: AudienceSpec<TMessage>): AudienceDestination {
  return { kind: 'audience', batchSize: 500, concurrency: 1, timeoutSeconds: 60, limits: [], ...spec };
}

export type Destination = MessageDestination | AudienceDestination;
