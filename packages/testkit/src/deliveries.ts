import type { AudienceChange, Delivery, Recipient } from '@enishi/plugin-sdk';
import { personNumber } from './people.ts';

/** Person number `n` as a destination knows them: e-mail, phone and member number, and whatever is given over that. */
export function recipientNumber(n: number, over: Partial<Recipient> = {}): Recipient {
  const { email, phone, memberNumber } = personNumber(n);
  const digits = `+81${phone.replaceAll('-', '').slice(1)}`;
  const known = { email: [email], phone: [digits], member: [memberNumber] };
  return { id: `customer-${n}`, traits: {}, ...over, identifiers: over.identifiers ?? known };
}

/** Delivery number `n`: the same id for the same number, as a retry has it. */
export const deliveryNumber = <TMessage>(n: number, message: TMessage, over: Partial<Delivery<TMessage>> = {}): Delivery<TMessage> => ({
  // Ids look as the host makes them: vendors want their idempotency keys to be UUIDs.
  id: `0198f0de-0000-7000-8000-${String(n).padStart(12, '0')}`,
  workspace: 'main',
  recipient: recipientNumber(n),
  message,
  cause: { segment: 'regulars', change: 'ENTERED' },
  attempt: 1,
  ...over,
});

/** Audience change number `n`; into the audience unless told otherwise. */
export const changeNumber = <TMessage>(
  n: number,
  message: TMessage,
  over: Partial<AudienceChange<TMessage>> = {},
): AudienceChange<TMessage> => ({ operation: 'ADD', ...deliveryNumber(n, message), ...over });
