import type { Done } from './batch.ts';
import type { Receipt } from './receipt.ts';
import type { AcceptedEvent, Checked } from './submission.ts';

/** The receipts of everybody in one batch. */
export type Receipts = ReadonlyMap<AcceptedEvent, Receipt>;

/** What one call is answered from: the outcomes of its events, and which of the unfit ones were stored before. */
export interface Answers {
  readonly outcomes: Map<AcceptedEvent, Receipt>;
  readonly stored: Set<string>;
}

/** A batch answers everybody in it; a caller takes the receipts of its own events. */
export function takeOwn(events: readonly AcceptedEvent[], batches: readonly Receipts[], { outcomes }: Answers): void {
  for (const receipts of batches)
    for (const event of events) {
      const receipt = receipts.get(event);
      if (receipt !== undefined) outcomes.set(event, receipt);
    }
}

export function storedReceipt(event: AcceptedEvent, { customerOf }: Done): Receipt {
  const { messageId: id, eventId } = event;
  const customerId = customerOf.get(event);
  return customerId === undefined ? { status: 'DUPLICATE', id, eventId } : { status: 'ACCEPTED', id, eventId, customerId };
}

export function receiptOf(item: Checked, { outcomes, stored }: Answers): Receipt {
  if (item.status === 'reject') return { status: 'REJECTED', id: item.messageId, violations: item.violations };
  if (item.status === 'quarantine' && stored.has(item.eventId)) return { status: 'DUPLICATE', id: item.messageId, eventId: item.eventId };
  if (item.status === 'quarantine')
    return { status: 'QUARANTINED', id: item.messageId, eventId: item.eventId, violations: item.violations };
  return (
    outcomes.get(item.event) ?? { status: 'REJECTED', id: item.event.messageId, violations: [{ path: '', message: 'was not processed' }] }
  );
}
