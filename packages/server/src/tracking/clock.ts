interface Timed {
  readonly timestamp?: unknown;
  readonly originalTimestamp?: unknown;
  readonly sentAt?: unknown;
}

/** Below this the difference is the network and the client's queue, not a wrong clock. */
const tolerance = 60_000;

/**
 * When it happened, by our clock. A client stamps an event and, later, the moment it sends: the distance between the two is
 * right even where its clock is not, so the event happened that long before we received it. A time that is not one
 * is handed on as it came, for the line to refuse.
 */
export function correctedTime(message: Timed, received: { readonly receivedAt: Date; readonly sentAt?: unknown }): Date | string {
  const stamped = message.originalTimestamp ?? message.timestamp;
  if (stamped === undefined || stamped === null) return received.receivedAt;
  const happened = instant(stamped);
  if (happened === undefined) return String(stamped);
  const sent = instant(message.sentAt ?? received.sentAt);
  const skew = sent === undefined ? 0 : received.receivedAt.getTime() - sent;
  return new Date(Math.abs(skew) < tolerance ? happened : happened + skew);
}

function instant(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const time = new Date(value).getTime();
  return Number.isNaN(time) ? undefined : time;
}
