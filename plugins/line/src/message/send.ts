import type { Delivery, Desk, Outcome } from '@enishi/plugin-sdk';
import type { Ask } from '../api.ts';
import { monthIsUsedUp } from '../failure.ts';
import { compose } from './compose.ts';
import { dispatch } from './dispatch.ts';
import type { Message } from './message.ts';
import type { Quota } from './quota.ts';

/** Sends a batch: the same message to many by multicast, anything else by push. One outcome per delivery, in their order. */
export async function sendAll(deliveries: readonly Delivery<Message>[], desk: Desk, { ask, quota }: { ask: Ask; quota: Quota }) {
  const outcomes = new Map<string, Outcome>();
  const ready = deliveries.flatMap((delivery) => {
    const [to] = delivery.recipient.identifiers['line.user'] ?? [];
    const composed = compose(delivery);
    if (to !== undefined && 'messages' in composed) return [{ id: delivery.id, attempt: delivery.attempt, to, composed }];
    const reason = 'problem' in composed ? composed.problem : 'the customer has no LINE account';
    outcomes.set(delivery.id, { status: 'rejected', reason });
    return [];
  });
  const left = ready.length === 0 ? 0 : await quota.left(desk);
  const within = ready.slice(0, Math.max(0, left));
  for (const { id } of ready.slice(within.length))
    outcomes.set(id, monthIsUsedUp('the messages of this month are used up: the plan counts anew on the 1st', desk.now()));
  for (const [id, outcome] of await dispatch(within, desk, ask)) outcomes.set(id, outcome);
  quota.spend(within.filter(({ id }) => outcomes.get(id)?.status === 'delivered').length);
  return deliveries.map(({ id }) => outcomes.get(id) ?? ({ status: 'retry', reason: 'it was not reached' } satisfies Outcome));
}
