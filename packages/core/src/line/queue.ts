import type { Work } from './batch.ts';
import type { Receipt } from './receipt.ts';
import type { AcceptedEvent } from './submission.ts';

/** Something that waits for a batch to take it along. */
export interface Entry extends Work {
  readonly settle: (receipts: ReadonlyMap<AcceptedEvent, Receipt>) => void;
  readonly fail: (error: unknown) => void;
}

export const sizeOf = ({ events, quarantined, sightings, reassess, notes = [] }: Work): number =>
  events.length + quarantined.length + sightings.length + reassess.length + notes.length;

/** Takes waiting entries from the front until a batch is full: requests that arrive together share one commit. */
export function takeBatch(waiting: Entry[], size: number): Entry[] {
  let total = 0;
  let count = 0;
  for (const entry of waiting) {
    if (count > 0 && total + sizeOf(entry) > size) break;
    total += sizeOf(entry);
    count += 1;
  }
  return waiting.splice(0, count);
}

export const workOf = (entries: readonly Entry[]): Work => ({
  events: entries.flatMap(({ events }) => events),
  quarantined: entries.flatMap(({ quarantined }) => quarantined),
  sightings: entries.flatMap(({ sightings }) => sightings),
  reassess: entries.flatMap(({ reassess }) => reassess),
  notes: entries.flatMap(({ notes = [] }) => notes),
});

/** Cuts a long list into pieces that each fit a batch. */
export function* pieces<TItem>(items: readonly TItem[], size: number): Iterable<readonly TItem[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
