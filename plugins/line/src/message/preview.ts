import type { Delivery, Desk, Preview } from '@enishi/plugin-sdk';
import type { Ask } from '../api.ts';
import { reasonOf } from '../failure.ts';
import { compose } from './compose.ts';
import type { Message } from './message.ts';

/** The message objects as they would go out, what of them can be read, and what LINE says to them; nothing is sent or counted. */
export async function previewOf(delivery: Delivery<Message>, desk: Desk, ask: Ask): Promise<Preview> {
  const composed = compose(delivery);
  if ('problem' in composed) return { parts: [text('verdict', `It would not be sent: ${composed.problem}`)] };
  const { messages } = composed;
  const words = messages.map(wordsOf).join('\n\n');
  return {
    parts: [
      { name: 'messages', contentType: 'application/json', body: JSON.stringify(messages, null, 2) },
      text('text', words),
      text('verdict', await verdictOn(messages, desk, ask)),
    ],
  };
}

const text = (name: string, body: string) => ({ name, contentType: 'text/plain; charset=utf-8', body });

type Messages = Exclude<ReturnType<typeof compose>, { problem: string }>['messages'];

const verdictOn = async (messages: Messages, desk: Desk, ask: Ask): Promise<string> => {
  try {
    await ask(desk, ({ messaging }) => messaging.validatePush({ messages }));
    return 'LINE accepts it.';
  } catch (error) {
    return `LINE says no: ${reasonOf(error)}`;
  }
};

const wordsOf = (message: Messages[number]): string => {
  if (message.type === 'text' && 'text' in message) return message.text;
  if ('altText' in message) return message.altText;
  return `[${message.type}]`;
};
