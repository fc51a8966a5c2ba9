import { LineUnavailable } from '../errors.ts';
import type { Work } from './batch.ts';
import type { Quarantined } from './events.ts';
import { classify, pause } from './failure.ts';
import { type Entry, sizeOf, workOf } from './queue.ts';
import type { Receipt } from './receipt.ts';
import { type AcceptedEvent, replayable } from './submission.ts';

type Receipts = ReadonlyMap<AcceptedEvent, Receipt>;

export interface Writer {
  /** From the second attempt on nothing remembered is trusted, and what is read is locked: two that keep meeting take turns. */
  readonly commit: (work: Work, attempt: number) => Promise<Receipts>;
  readonly onError: (error: unknown) => void;
}

const mostAttempts = 12;

/** Sees entries through to their answer: starts over where two batches met, and finds the one event a batch fails by. Never throws. */
export async function writeThrough(writer: Writer, entries: readonly Entry[]): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const receipts = await writer.commit(workOf(entries), attempt);
      for (const { settle } of entries) settle(receipts);
      return;
    } catch (error) {
      const failure = classify(error);
      if (failure === 'again' && attempt < mostAttempts) {
        await pause(attempt);
        continue;
      }
      writer.onError(error);
      if (failure === 'refused') return separate(writer, entries, error);
      // A defect is told as it is: told as an outage, callers would send the same for ever.
      const told = failure === 'defect' ? error : new LineUnavailable('the events could not be stored now', { cause: error });
      for (const { fail } of entries) fail(told);
      return;
    }
  }
}

/** The database refused something in the batch: its parts go on alone, until the one event is found and set aside. */
async function separate(writer: Writer, entries: readonly Entry[], error: unknown): Promise<void> {
  if (entries.length > 1) {
    const middle = entries.length >> 1;
    await writeThrough(writer, entries.slice(0, middle));
    return writeThrough(writer, entries.slice(middle));
  }
  const [entry] = entries;
  if (entry === undefined) return;
  if (sizeOf(entry) > 1) return split(writer, entry);
  const [event] = entry.events;
  if (event === undefined) return entry.fail(error);
  return setAside(writer, entry, event);
}

/** One caller's events, halved; the answers are put together again. */
async function split(writer: Writer, entry: Entry): Promise<void> {
  const { events, ...others } = entry;
  const receipts = new Map<AcceptedEvent, Receipt>();
  const collect = (some: Receipts): void => {
    for (const [event, receipt] of some) receipts.set(event, receipt);
  };
  let failed = false;
  const fail = (error: unknown): void => {
    failed = true;
    entry.fail(error);
  };
  const alone = { events: [], quarantined: [], sightings: [], reassess: [], settle: collect, fail };
  const middle = Math.ceil(events.length / 2);
  const rest = { quarantined: others.quarantined, sightings: others.sightings, reassess: others.reassess };
  const notes = others.notes ?? [];
  const parts: Entry[] = [
    { ...alone, events: events.slice(0, middle) },
    { ...alone, events: events.slice(middle) },
    ...rest.quarantined.map((one) => ({ ...alone, quarantined: [one] })),
    ...rest.sightings.map((one) => ({ ...alone, sightings: [one] })),
    ...rest.reassess.map((one) => ({ ...alone, reassess: [one] })),
  ];
  for (const part of parts.filter((some) => sizeOf(some) > 0)) await writeThrough(writer, [part]);
  // Last, and only if all the others are stored: a note says that they are.
  if (!failed && notes.length > 0) await writeThrough(writer, [{ ...alone, events: [], notes }]);
  if (!failed) entry.settle(receipts);
}

async function setAside(writer: Writer, entry: Entry, event: AcceptedEvent): Promise<void> {
  const { messageId: id, eventId, sourceId, receivedAt } = event;
  const violations = [{ path: '', message: 'this event cannot be processed; the operator finds the reason in the log' }];
  const aside: Quarantined = { eventId, sourceId, receivedAt, violations, submission: replayable(event.submission, event) };
  const answer = (receipt: Receipt): void => entry.settle(new Map([[event, receipt]]));
  const kept = (): void => answer({ status: 'QUARANTINED', id, eventId, violations });
  // What cannot even be kept must not take the neighbours' answers down with it.
  const fail = (error: unknown): void =>
    error instanceof LineUnavailable ? entry.fail(error) : answer({ status: 'REJECTED', id, violations });
  await writeThrough(writer, [{ ...entry, events: [], quarantined: [aside], settle: kept, fail }]);
}
