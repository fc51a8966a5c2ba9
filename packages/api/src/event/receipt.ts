import type { Receipt } from '@enishi/core';
import type { Customer } from '@enishi/plugin-sdk/graphql';
import type { Question } from '../question.ts';
import { below } from '../selection.ts';
import type { EventReceipt } from './receipt.type.ts';

/** The line's receipts as the API answers them. Customers are only read where more than their id is wanted, and may be seen. */
export async function receiptsOf(receipts: readonly Receipt[], { caller, reader, workspace, selected }: Question): Promise<EventReceipt[]> {
  const wanted = below(selected(), 'customer');
  const more = wanted.some(({ field }) => field !== 'id') && caller.scopes.has('customers:read');
  const customerOf = async (id: string | undefined): Promise<Customer | null> => {
    if (id === undefined) return null;
    const tree = more ? await reader.customer(workspace.id, id, wanted) : { id };
    return tree === undefined ? null : (tree as unknown as Customer);
  };
  return Promise.all(
    receipts.map(async (receipt) => ({
      id: receipt.id,
      status: receipt.status,
      eventId: 'eventId' in receipt ? receipt.eventId : null,
      customer: await customerOf('customerId' in receipt ? receipt.customerId : undefined),
      violations: 'violations' in receipt ? receipt.violations : [],
      reason: 'reason' in receipt ? receipt.reason : null,
    })),
  );
}
