import type { CustomerCache } from '../customer/cache.ts';
import type { Sighting } from '../identity/tie.ts';
import type { Work } from './batch.ts';

interface Writers {
  readonly cache: CustomerCache;
  readonly writers: number;
}

/**
 * Which writer a person's events go to: by the first identity whose customer is remembered, else by the first identity
 * itself. Two batches that carry the same person get in each other's way; with the same person always at the same
 * writer they hardly ever meet. Nothing breaks if what is remembered is wrong.
 */
function writerFor(identityIds: Iterable<string>, { cache, writers }: Writers): number {
  let first: string | undefined;
  for (const id of identityIds) {
    const customer = cache.customerOf(id);
    if (customer !== undefined) return spread(customer, writers);
    first ??= id;
  }
  return first === undefined ? 0 : spread(first, writers);
}

const spread = (id: string, writers: number): number => Number.parseInt(id.slice(0, 6), 16) % writers;

function* idsOf({ identities }: Sighting): Iterable<string> {
  for (const { id } of identities) yield id;
}

/** The part of the work that each writer does. What is about nobody goes to the first. */
export function partsOf(
  { events = [], quarantined = [], sightings = [], reassess = [], notes = [] }: Partial<Work>,
  writers: Writers,
): Work[] {
  // A note is true only together with all its events, so they share the first writer whosever they are; `Turns` keeps people apart.
  const eventsOf = Map.groupBy(events, (event) => (notes.length > 0 ? 0 : writerFor(idsOf(event), writers)));
  const sightingsOf = Map.groupBy(sightings, (sighting) => writerFor(idsOf(sighting), writers));
  const reassessOf = Map.groupBy(reassess, ({ customerId }) => writerFor([customerId], writers));
  return Array.from({ length: writers.writers }, (_, writer) => ({
    events: eventsOf.get(writer) ?? [],
    quarantined: writer === 0 ? quarantined : [],
    sightings: sightingsOf.get(writer) ?? [],
    reassess: reassessOf.get(writer) ?? [],
    notes: writer === 0 ? notes : [],
  }));
}

/** The customers that work is about, as far as they are remembered, and the identities that nobody is remembered to hold. */
export function keysOf({ events, sightings, reassess }: Work, cache: CustomerCache): Set<string> {
  const keys = new Set<string>();
  for (const seen of [events, sightings])
    for (const { identities } of seen) for (const { id } of identities) keys.add(cache.customerOf(id) ?? id);
  for (const { customerId } of reassess) keys.add(cache.customerOf(customerId) ?? customerId);
  return keys;
}
