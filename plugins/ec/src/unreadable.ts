import { type Draft, keptAside, type Message, Unreadable } from '@enishi/plugin-sdk';
import { messageUnreadable } from './events/index.ts';

/** The events of one message of a shop. One that cannot be read is quarantined with what is wrong in it, and its neighbours go on. */
export async function readMessage(message: Message, read: () => readonly Draft[] | Promise<readonly Draft[]>): Promise<readonly Draft[]> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Unreadable) return [aside(message, error.message)];
    throw error;
  }
}

/** An event that the line refuses with this problem as its reason. */
export const aside = (message: Message, problem: string): Draft => keptAside(messageUnreadable, message, problem);
