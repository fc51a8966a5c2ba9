import type { Identifiers } from '@enishi/plugin-sdk';
import { inChain, whoIs } from '../customer.ts';
import type { SquareSettings } from './settings.ts';
import type { Customer } from './shapes.ts';

interface Known {
  readonly customer: Customer | undefined;
  readonly email?: string | null | undefined;
  /** The order they stand for where nobody is known. */
  readonly order?: string | undefined;
}

/** Who was at the till, as Square knows them. */
export function shopperOf({ customer, email, order }: Known, { chain, referenceIsMember }: SquareSettings): Identifiers {
  return whoIs(
    {
      member: referenceIsMember ? (customer?.reference_id ?? undefined) : undefined,
      phone: customer?.phone_number ?? undefined,
      email: customer?.email_address ?? email ?? undefined,
      account: customer && { 'pos.square': customer.id },
    },
    { chain, ...(order === undefined ? {} : { receipt: inChain(chain, `square:order:${order}`) }) },
  );
}
