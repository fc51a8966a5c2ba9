import { uuids } from '../../db/arrays.ts';
import { type Sql, statement } from '../../db/sql.ts';

// Mostly nobody waits, and one look tells. One that a claim has in its hands just now is passed over: it looks again by itself.
const next = statement(
  'delivery.call-next',
  `with ended as (
    select d.destination_id, d.audience, coalesce(i.customer_id, d.customer_id) as answers, d.customer_id
    from unnest($2::uuid[]) as e(id) join delivery d on d.workspace_id = $1 and d.id = e.id
    left join identity i on i.workspace_id = $1 and i.id = d.customer_id
    where exists (select from delivery w where w.workspace_id = $1 and w.status = 'PENDING' and w.obstacle = 'TURN')
  ), called as (
    select n.id from delivery n
    where n.workspace_id = $1 and n.status = 'PENDING' and n.obstacle = 'TURN' and n.due_at > $3 and n.id in (
      select (
        select first.id from (
          select i.id from identity i where i.workspace_id = $1 and i.customer_id = ended.answers union all select ended.customer_id
        ) own cross join lateral (
          select d.id, d.ordinal from delivery d
          where d.workspace_id = $1 and d.destination_id = ended.destination_id and d.customer_id = own.id
            and d.audience is not distinct from ended.audience and d.status in ('PENDING', 'SENDING')
          order by d.ordinal limit 1
        ) first
        order by first.ordinal limit 1
      ) from ended
    )
    for update skip locked
  )
  update delivery d set due_at = $3 from called where d.workspace_id = $1 and d.id = called.id returning d.id`,
);

/** The deliveries that waited behind these ended ones are due now. Answers how many. */
export async function callNext(
  sql: Sql,
  workspaceId: number,
  { ended, now }: { readonly ended: readonly string[]; readonly now: Date },
): Promise<number> {
  if (ended.length === 0) return 0;
  return (await sql(next, [workspaceId, uuids(ended), now])).length;
}
