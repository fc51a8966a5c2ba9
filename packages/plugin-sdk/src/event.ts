import type { z } from 'zod';
import type { ConsentDecision } from './consent.ts';
import type { Identifiers } from './identifier.ts';
import type { DataScope } from './scope.ts';
import type { TraitValue } from './trait.ts';

/** What a source says about one event. */
export interface EventDraft<TProperties> {
  /**
   * The source's own id of this event. The same id from the same source is stored once, for ever:
   * a retried webhook or a file imported twice is answered `DUPLICATE`. Without it every call is a new event.
   */
  readonly id?: string | undefined;
  /** When it happened. Between 1970-01-01 and a day from now; anything else is quarantined. */
  readonly at: Date;
  readonly identifiers: Identifiers;
  readonly properties: TProperties;
  /** Facts learned about the customer with this event. */
  readonly traits?: readonly TraitValue[] | undefined;
  /** Decisions about the use of data made with this event. */
  readonly consents?: readonly ConsentDecision[] | undefined;
  /** Where it came from: page, device, campaign. Stored with the event, never used in rules. */
  readonly context?: Readonly<Record<string, unknown>> | undefined;
}

/** An event ready for the host. Made by calling an event type, never by hand. */
export interface Draft extends EventDraft<unknown> {
  readonly type: string;
}

/**
 * A kind of event. The value carries the type of the properties, so passing it is all the wiring there is:
 * call it to make a draft, name it in a rule, ask a resolver's context for events of it.
 */
export interface EventType<TProperties = unknown> {
  (draft: EventDraft<TProperties>): Draft;
  readonly kind: 'event';
  readonly eventName: string;
  readonly description: string;
  readonly schema: z.ZodType<TProperties>;
  /** Names under which the HTTP tracking API accepts this event, such as `Order Completed`. */
  readonly trackedAs: readonly string[];
  /** Name of the data scope it belongs to, if it belongs to one. */
  readonly scope: string | undefined;
}

export interface EventOptions {
  readonly description: string;
  readonly trackedAs?: readonly string[];
  /** The kind of data it is, where a person may permit or refuse that by itself. */
  readonly scope?: DataScope;
}

/** Declares a kind of event, named `plugin.thing_done`. */
export function event<TSchema extends z.ZodObject>(
  name: `${string}.${string}`,
  schema: TSchema,
  options: EventOptions,
): EventType<z.output<TSchema>> {
  const draft = (value: EventDraft<z.output<TSchema>>): Draft => ({ ...value, type: name });
  return Object.assign(draft, {
    kind: 'event' as const,
    eventName: name,
    description: options.description,
    schema: schema as unknown as z.ZodType<z.output<TSchema>>,
    trackedAs: options.trackedAs ?? [],
    scope: options.scope?.name,
  });
}
