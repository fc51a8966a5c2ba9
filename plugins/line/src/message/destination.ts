import { destination, type MessageDestination, type Purpose } from '@enishi/plugin-sdk';
import type { Ask } from '../api.ts';
import { reasonOf } from '../failure.ts';
import { message } from './message.ts';
import { previewOf } from './preview.ts';
import type { Quota } from './quota.ts';
import { sendAll } from './send.ts';

export interface MessageOptions {
  readonly purpose: Purpose;
  readonly description: string;
  readonly ask: Ask;
  readonly quota: Quota;
}

/** Messages to friends of the account. */
export const lineMessages = ({ purpose, description, ask, quota }: MessageOptions): MessageDestination =>
  destination({
    description,
    purpose,
    channel: 'line',
    address: 'line.user',
    message,
    batchSize: 500,
    timeoutSeconds: 60,
    // LINE takes 2,000 pushes and 200 multicasts in a second: one call of `send` makes at most 500 of either.
    limits: [{ calls: 4, perSeconds: 1 }],
    send: (deliveries, desk) => sendAll(deliveries, desk, { ask, quota }),
    preview: (delivery, desk) => previewOf(delivery, desk, ask),
    healthCheck: async (desk) => {
      try {
        await ask(desk, ({ messaging }) => messaging.getBotInfo());
      } catch (error) {
        throw new Error(`LINE does not take the channel's credentials, or cannot be reached: ${reasonOf(error)}`);
      }
      if ((await quota.left(desk)) <= 0) throw new Error('The messages of this month are used up: the plan counts anew on the 1st.');
    },
  });
