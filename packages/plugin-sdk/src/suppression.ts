import { z } from 'zod';
import { event } from './event.ts';

/**
 * An address turned out to take nothing more on a channel: mail to it bounced, its owner complained, the number is gone. Give
 * the address as the only identifier. From then on no delivery of this channel goes to it, until an operator lifts that. This is no
 * decision of the person: where they object, say so with a consent.
 */
export const addressSuppressed = event(
  'enishi.address_suppressed',
  z.object({ channel: z.string().min(1).max(60), reason: z.string().min(1).max(1000) }),
  { description: 'An address takes nothing more on a channel: it does not exist any more, or its owner complained.' },
);
