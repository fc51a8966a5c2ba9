import type { CustomerCache } from '../customer/cache.ts';
import type { Work } from './batch.ts';

/**
 * Which writer a person's events go to: by the first identity whose customer is remembered, else by the first identity
 * itself. Two batches that carry the same person get in each other's way; with the same person always at the same
 * writer they hardly ever meet. Nothing breaks if what is remembered is wrong.
 */
export function writerFor(identityIds: Iterable<string>, { cache, writers }: { cache: CustomerCache; writers: number }): number {
  let first: string | undefined;
  for (const id of identityIds) {
    const customer = cache.customerOf(id);
    if (customer !== undefined) return spread(customer, writers);
    first ??= id;
  }
  return first === undefined ? 0 : spread(first, writers);
}

const spread = (id: string, writers: number): number => Number.parseInt(id.slice(0, 6), 16) % writers;

/** The customers that work is about, as far as they are remembered, and the identities that nobody is remembered to hold. */
export function keysOf({ events, sightings, reassess }: Work, cache: CustomerCache): Set<string> {
  const keys = new Set<string>();
  for (const seen of [events, sightings])
    for (const { identities } of seen) for (const { id } of identities) keys.add(cache.customerOf(id) ?? id);
  for (const { customerId } of reassess) keys.add(cache.customerOf(customerId) ?? customerId);
  return keys;
}
