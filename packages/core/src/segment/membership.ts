import { ints, texts, times, uuids } from '../db/arrays.ts';
import { statement, type Transaction } from '../db/sql.ts';
import type { Cause, Transition } from './transition.ts';

const enter = statement(
  'membership_enter',
  `insert into membership (workspace_id, segment_id, customer_id, entered_at)
   select $1::int, * from unnest($2::int[], $3::uuid[], $4::timestamptz[])
   on conflict (workspace_id, segment_id, customer_id, entered_at) do update set left_at = null, left_by = null`,
);
// Found one by one and by place: joined freely, a table without statistics is read whole for each one who leaves. Nobody
// else moves these rows meanwhile, the batch holds their customers.
const leave = statement(
  'membership_leave',
  `update membership m set left_at = greatest(n.at, m.entered_at), left_by = n.cause
   from unnest($2::int[], $3::uuid[], $4::timestamptz[], $5::text[]) as n (segment_id, customer_id, at, cause)
     cross join lateral (
       select ctid from membership
       where workspace_id = $1 and segment_id = n.segment_id and customer_id = n.customer_id and left_at is null offset 0
     ) as open
   where m.ctid = open.ctid`,
);
// A link that is taken back must leave no trace in who is a member since when: the interval it ended goes on, the one it began ends.
const resume = statement(
  'membership_resume',
  `update membership m set left_at = null, left_by = null
   from unnest($2::int[], $3::uuid[]) as n (segment_id, customer_id)
   where m.workspace_id = $1 and m.segment_id = n.segment_id and m.customer_id = n.customer_id and m.left_by = 'LINK'
     and m.entered_at = (select max(o.entered_at) from membership o where o.workspace_id = $1 and o.segment_id = n.segment_id and o.customer_id = n.customer_id)
   returning m.segment_id, m.customer_id`,
);

const columns = (transitions: readonly Transition[]) => [
  ints(transitions.map(({ segmentId }) => segmentId)),
  uuids(transitions.map(({ customerId }) => customerId)),
  times(transitions.map(({ at }) => at)),
];

/** Opens and closes membership intervals. */
export async function storeTransitions(sql: Transaction, workspaceId: number, transitions: readonly Transition[]): Promise<void> {
  const left = transitions.filter(({ change }) => change === 'LEFT');
  if (left.length > 0) sql.send(leave, [workspaceId, ...columns(left), texts(left.map(({ cause }) => cause.kind))]);
  const entered = transitions.filter(({ change }) => change === 'ENTERED');
  if (entered.length === 0) return;
  const undone = entered.filter(({ cause }) => cause.kind === ('UNLINK' satisfies Cause['kind']));
  const resumed =
    undone.length === 0
      ? []
      : await sql<{ segment_id: number; customer_id: string }>(resume, [workspaceId, ...columns(undone).slice(0, 2)]);
  const back = new Set(resumed.map((row) => `${row.segment_id} ${row.customer_id}`));
  const opened = entered.filter(({ segmentId, customerId }) => !back.has(`${segmentId} ${customerId}`));
  if (opened.length > 0) sql.send(enter, [workspaceId, ...columns(opened)]);
}
