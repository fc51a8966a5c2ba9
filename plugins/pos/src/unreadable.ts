import { type Draft, keptAside, type Message, Unreadable } from '@enishi/plugin-sdk';
import { receiptUnreadable } from './events/index.ts';

/** The events of one message. One that cannot be read is quarantined with what is wrong in it, and its neighbours go on. */
export function readMessage(message: Message, read: () => Draft[]): Draft[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) return [aside(message, error.message)];
    throw error;
  }
}

/** An event that the line refuses with this problem as its reason. */
export const aside = (message: Message, problem: string): Draft => keptAside(receiptUnreadable, message, problem);
