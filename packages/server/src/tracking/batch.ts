import type { Receipt } from '@enishi/core';
import type { Message } from './message.ts';

export interface BatchLimits {
  readonly eventBytes: number;
  readonly batchEvents: number;
  /** Some bytes of the request were not UTF-8: the events that hold them are refused. */
  readonly lossy: boolean;
}

/** Messages that go on to the line, and the receipts of those that cannot, each at its place in the request. */
export interface Sorted {
  readonly messages: readonly { readonly position: number; readonly message: Message }[];
  readonly refused: readonly { readonly position: number; readonly receipt: Receipt }[];
}

const isRecord = (value: unknown): value is Message => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Takes out what could not even be quarantined, so that its neighbours go on. `context` and `integrations` of the batch fill those of its items. */
export function sortBatch(items: readonly unknown[], batch: Message, limits: BatchLimits): Sorted {
  const messages: { position: number; message: Message }[] = [];
  const refused: { position: number; receipt: Receipt }[] = [];
  items.forEach((item, position) => {
    const problem = position >= limits.batchEvents ? `a batch holds at most ${limits.batchEvents} events` : faultOf(item, limits);
    if (problem === undefined) messages.push({ position, message: filled(item as Message, batch) });
    else refused.push({ position, receipt: { status: 'REJECTED', id: idOf(item), violations: [{ path: '', message: problem }] } });
  });
  return { messages, refused };
}

function faultOf(item: unknown, { eventBytes, lossy }: BatchLimits): string | undefined {
  if (!isRecord(item)) return 'an event is an object';
  const json = JSON.stringify(item);
  if (lossy && json.includes('\uFFFD')) return 'the event is not valid UTF-8';
  // A character takes at most three bytes here, so most events need not be measured.
  if (json.length * 3 > eventBytes && Buffer.byteLength(json) > eventBytes) return `an event holds at most ${eventBytes} bytes`;
  return undefined;
}

const idOf = (item: unknown): string => (isRecord(item) && typeof item.messageId === 'string' ? item.messageId.slice(0, 200) : '');

function filled(item: Message, { context, integrations }: Message): Message {
  return {
    ...item,
    ...(isRecord(context) ? { context: { ...context, ...(isRecord(item.context) ? item.context : {}) } } : {}),
    ...(isRecord(integrations) ? { integrations: { ...integrations, ...(isRecord(item.integrations) ? item.integrations : {}) } } : {}),
  };
}

/** Receipts of the line and of the refused, in the order of the request. */
export function inOrder(sorted: Sorted, receipts: readonly Receipt[]): Receipt[] {
  const all = [...sorted.refused, ...sorted.messages.map(({ position }, index) => ({ position, receipt: receipts[index] }))];
  return all.sort((a, b) => a.position - b.position).flatMap(({ receipt }) => (receipt === undefined ? [] : [receipt]));
}
