import type { Desk, Outcome } from '@enishi/plugin-sdk';
import type { Ask } from '../api.ts';
import { acceptedBefore, blamesRecipients, outcomeOfError, saysNo } from '../failure.ts';
import type { Composed } from './compose.ts';
import { retryKey } from './retry-key.ts';

/** A message ready to go to one person. */
export interface Item {
  readonly id: string;
  readonly attempt: number;
  readonly to: string;
  readonly composed: Composed;
}

export type Outcomes = readonly (readonly [id: string, outcome: Outcome])[];

/** `taken` now, or taken `before`; `refused`, or because of some `refuses-recipients`: nothing was sent; `unclear`: ask again. */
export type Answer = 'taken' | 'before' | 'refused' | 'refuses-recipients' | 'unclear';

/** The two calls that send. Both carry a retry key, so asking again never sends twice. */
export function sender(desk: Desk, ask: Ask) {
  const push = async ({ id, to, composed }: Item): Promise<readonly [string, Outcome]> => {
    try {
      const sent = await ask(desk, ({ messaging }) => messaging.pushMessage({ to, ...composed }, retryKey([id])));
      const [first] = Array.isArray(sent?.sentMessages) ? sent.sentMessages : [];
      return [id, first === undefined ? nonsense : { status: 'delivered', reference: first.id }];
    } catch (error) {
      const accepted = acceptedBefore(error);
      return [id, accepted === undefined ? outcomeOfError(error, desk.now()) : { status: 'delivered', reference: accepted }];
    }
  };

  const multicast = async (key: string, group: readonly Item[]): Promise<{ answer: Answer; outcomes: Outcomes }> => {
    const all = (outcome: Outcome): Outcomes => group.map(({ id }) => [id, outcome]);
    const composed = group[0]?.composed ?? { messages: [] };
    const request = { to: group.map(({ to }) => to), ...composed };
    try {
      const { body, httpResponse } = await ask(desk, ({ messaging }) => messaging.multicastWithHttpInfo(request, key));
      // An error that comes with 200 is none of LINE's own: something in between speaks.
      if (!isEmptyObject(body)) return { answer: 'unclear', outcomes: all(nonsense) };
      const reference = httpResponse.headers.get('x-line-request-id') ?? key;
      return { answer: 'taken', outcomes: all({ status: 'delivered', reference }) };
    } catch (error) {
      const accepted = acceptedBefore(error);
      if (accepted !== undefined) return { answer: 'before', outcomes: all({ status: 'delivered', reference: accepted }) };
      if (blamesRecipients(error)) return { answer: 'refuses-recipients', outcomes: [] };
      return { answer: saysNo(error) ? 'refused' : 'unclear', outcomes: all(outcomeOfError(error, desk.now())) };
    }
  };

  return { push, multicast };
}

const nonsense: Outcome = { status: 'retry', reason: 'LINE answered 200 with something else than it should' };
const isEmptyObject = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0;
