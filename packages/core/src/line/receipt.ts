import type { Violation } from '../errors.ts';

export type { Violation };

/** The answer to one ingested item. `id` is the message id that was given, or the one made for it. */
export type Receipt =
  /** Stored, resolved to a customer and counted in its segments. */
  | { readonly status: 'ACCEPTED'; readonly id: string; readonly eventId: string; readonly customerId: string }
  /** The same message id came from the same source before, however long ago; `eventId` is the event stored then. */
  | { readonly status: 'DUPLICATE'; readonly id: string; readonly eventId: string }
  /** Kept aside with its reasons; it can be replayed once the cause is mended. */
  | { readonly status: 'QUARANTINED'; readonly id: string; readonly eventId: string; readonly violations: readonly Violation[] }
  /** Deliberately not stored, for example because the person was erased. */
  | { readonly status: 'SUPPRESSED'; readonly id: string; readonly reason: string }
  /** Not stored anywhere: it is not an event, or too large to keep. */
  | { readonly status: 'REJECTED'; readonly id: string; readonly violations: readonly Violation[] };
