import type { Selection, Tree } from '@enishi/core';
import type { Customer } from '@enishi/plugin-sdk/graphql';
import type { LiveContext } from './context.ts';

/** The customer who answers for an id now, with what is asked of it: one statement for all items that are sent together. */
export async function customerNow(
  { reader, workspace }: LiveContext,
  customerId: string | null,
  selection: Selection | undefined,
): Promise<(Tree & Customer) | null> {
  if (customerId === null) return null;
  const customer = await reader.customer(workspace.id, customerId, selection ?? []);
  return customer === undefined ? null : ({ ...customer, id: String(customer.id) } as Tree & Customer);
}
