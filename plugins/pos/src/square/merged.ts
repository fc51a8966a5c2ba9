import { type Desk, shaped } from '@enishi/plugin-sdk';
import * as shapes from './shapes.ts';

// Square makes a new customer, under a new id, of those it finds to be one. The person goes on here under the first id they had:
// a second account would be held apart from all that is known of them.

const keyOf = (id: string): string => `square-merged:${id}`;

/** The id a customer of Square's is known by here. */
export const knownAs = async (desk: Desk, id: string): Promise<string> => (await desk.state.get<string>(keyOf(id))) ?? id;

/** Remembers who was merged, where a notification about a customer tells of it. */
export async function rememberMerge(desk: Desk, object: unknown): Promise<void> {
  const merge = shaped(shapes.customerNotice, object).event_context?.merge;
  const [first] = merge?.from_customer_ids ?? [];
  if (merge && first !== undefined) await desk.state.set(keyOf(merge.to_customer_id), await knownAs(desk, first));
}
