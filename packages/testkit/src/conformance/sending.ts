import { type AudienceChange, ComeBackLater, type Delivery, type Destination, GiveUp, type Outcome } from '@enishi/plugin-sdk';
import { expect } from 'vitest';
import { deliveryNumber, recipientNumber } from '../deliveries.ts';
import type { TestDesk } from '../desk.ts';
import type { DestinationExample } from './examples.ts';
import type { Scene } from './scene.ts';

/** One way of calling a destination: messages are sent one way, an audience's people are added or removed. */
export interface Sending {
  readonly scene: Scene;
  readonly destination: Destination;
  readonly example: DestinationExample;
  readonly operation: 'ADD' | 'REMOVE';
}

export function sendingOf(scene: Scene, name: string, operation: Sending['operation']): Sending {
  const destination = scene.parts.destinations?.[name];
  const example = scene.examples[destination?.kind === 'audience' ? 'audiences' : 'destinations']?.[name];
  if (destination === undefined || example === undefined) return expect.fail(`there is no destination "${name}" with an example`);
  return { scene, destination, example, operation };
}

/** Deliveries for people number 0 to `count` - 1; the same number is the same delivery, tried again with the next `attempt`. */
export function deliveriesOf({ destination, example }: Sending, count: number, attempt = 1): Delivery[] {
  const message = destination.message.parse(example.message);
  return Array.from({ length: count }, (_, n) => {
    const { id: _id, ...given } = example.another?.(n) ?? example.recipient;
    return deliveryNumber<unknown>(n, message, { attempt, recipient: recipientNumber(n, given) });
  });
}

export async function preparedDesk({ scene, example }: Sending, signal?: AbortSignal): Promise<TestDesk> {
  const desk = scene.desk(signal);
  await example.prepare?.(desk);
  return desk;
}

/** What the host makes of a call: what it throws counts for every delivery of it. */
export async function outcomesOf(sending: Sending, deliveries: readonly Delivery[], desk?: TestDesk): Promise<readonly Outcome[]> {
  const { destination, operation, scene } = sending;
  const at = desk ?? (await preparedDesk(sending));
  try {
    const outcomes =
      destination.kind === 'message'
        ? await destination.send(deliveries as Delivery<never>[], at)
        : await destination.apply(
            deliveries.map((delivery): AudienceChange<never> => ({ ...delivery, message: delivery.message as never, operation })),
            at,
          );
    scene.heard(outcomes);
    expect(outcomes.length, 'one outcome per delivery').toBe(deliveries.length);
    return outcomes;
  } catch (error) {
    if ((error as { name?: unknown }).name === 'AssertionError') throw error;
    scene.heard(error);
    const reason = String(error);
    if (error instanceof GiveUp) return deliveries.map(() => ({ status: 'rejected', reason }));
    const pause = error instanceof ComeBackLater ? { afterSeconds: error.afterSeconds } : {};
    return deliveries.map(() => ({ status: 'retry', reason, ...pause }));
  }
}

export const statusesOf = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ status }) => status);
