import type { CustomerState } from '../customer/customer.ts';
import { reachBack, type Shortfall } from '../customer/reach-back.ts';
import type { Transaction } from '../db/sql.ts';
import { type Reassessment, reassess } from '../segment/reassess.ts';
import type { Transition } from '../segment/transition.ts';
import type { Workbench } from './workbench.ts';

/** What to ask about one customer. */
export type Question = Omit<Reassessment, 'now'> & { readonly customer: CustomerState };

/** Asks everything. Where the remembered events do not reach back far enough, those that the windows hold are read. */
export async function ask(
  sql: Transaction,
  { workspace, now }: Pick<Workbench, 'workspace' | 'now'>,
  questions: readonly Question[],
): Promise<Transition[]> {
  const transitions: Transition[] = [];
  for (let open = questions; open.length > 0; ) {
    const unanswered: Question[] = [];
    const shortfalls: Shortfall[] = [];
    for (const question of open) {
      const { customer } = question;
      const { transitions: found, missing } = reassess(customer, { ...question, now });
      transitions.push(...found);
      if (missing.length === 0) continue;
      unanswered.push(question);
      for (const { measure, since } of missing) shortfalls.push({ customer, measure, since });
    }
    if (unanswered.length > 0) await reachBack(sql, workspace.id, shortfalls);
    open = unanswered;
  }
  return transitions;
}
