import type { Draft } from '@enishi/plugin-sdk';

/** An address that is to take no more mail, and why. */
export interface Suppression {
  readonly id: string;
  readonly at: Date;
  readonly email: string;
  readonly reason: string;
}

/** The house's own event: from now on nothing leaves for this address on this channel, whatever consent says. */
export const suppressed = ({ id, at, email, reason }: Suppression): Draft => ({
  type: 'enishi.address_suppressed',
  id,
  at,
  identifiers: { email },
  properties: { channel: 'email', reason: reason.slice(0, 500) },
});
