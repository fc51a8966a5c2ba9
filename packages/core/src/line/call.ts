import type { Receipts } from './answers.ts';
import type { Work } from './batch.ts';
import type { Entry } from './queue.ts';

const nothing: Work = { events: [], quarantined: [], sightings: [], reassess: [] };

/** What one caller waits for: its entries may go in several batches, and it is answered when the last one has been. */
export interface Call {
  readonly entries: readonly Entry[];
  /** The receipts of every batch that took some of it along. Rejects with the first failure once the rest, which is stored all the same, has ended. */
  readonly answered: Promise<readonly Receipts[]>;
}

/**
 * Everything about one person at a time can go with a batch of its own. A note is true only together with all its
 * events, so those go as one.
 */
export function callOf({ events = [], quarantined = [], sightings = [], reassess = [], notes = [] }: Partial<Work>): Call {
  const { promise, resolve, reject } = Promise.withResolvers<readonly Receipts[]>();
  const batches = new Set<Receipts>();
  const failures: unknown[] = [];
  const end = (): void => {
    open -= 1;
    if (open > 0) return;
    if (failures.length > 0) reject(failures[0]);
    else resolve([...batches]);
  };
  const settle = (receipts: Receipts): void => {
    batches.add(receipts);
    end();
  };
  const fail = (error: unknown): void => {
    failures.push(error);
    end();
  };
  const entry = (work: Partial<Work>): Entry => ({ ...nothing, ...work, settle, fail });
  const entries =
    notes.length > 0
      ? [entry({ events, quarantined, sightings, reassess, notes })]
      : [
          ...events.map((event) => entry({ events: [event] })),
          ...quarantined.map((one) => entry({ quarantined: [one] })),
          ...sightings.map((sighting) => entry({ sightings: [sighting] })),
          ...reassess.map((one) => entry({ reassess: [one] })),
        ];
  let open = entries.length;
  if (open === 0) resolve([]);
  return { entries, answered: promise };
}
