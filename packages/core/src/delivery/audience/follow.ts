import { uuids } from '../../db/arrays.ts';
import { type Sql, statement } from '../../db/sql.ts';
import { wakeChannel } from '../wake.ts';
import { audienceOf } from './audience.ts';

/** SQL: `m` is in, and should not be or under an identifier that is not theirs. `k` says who answers for it. */
const outOfPlace = (m: string): string => `${m}.wanted and (not exists (
        select from agreed a where a.destination_id = ${m}.destination_id and a.audience = ${m}.audience and a.customer_id = k.answers
      ) or ${m}.held and exists (
        select from jsonb_each(${m}.identifiers) told(namespace, list), jsonb_array_elements_text(told.list) given
        where not exists (
          select from identity i
          where i.workspace_id = $1 and i.customer_id = k.answers and i.namespace = told.namespace and i.value = given
        )
      ))`;

/** SQL: the customers meant, the members that answer for them, and which of those are out of place. */
const meant = {
  // One list to look the members up by: as two conditions, each batch of the line would read every member of the workspace.
  these: {
    touched: 'select distinct i.customer_id as id from identity i where i.workspace_id = $1 and i.id = any($2)',
    customers: 'and c.id in (select id from touched)',
    members: `and m.customer_id = any(array(
      select unnest($2::uuid[]) union select i.id from identity i where i.workspace_id = $1 and i.customer_id in (select id from touched)
    ))
    order by m.destination_id, m.audience, m.customer_id
    for update of m`,
    misplaced: `select k.* from members k where ${outOfPlace('k')}`,
  },
  // Only those to be taken out are locked: comparing everybody must hold up neither the line nor a claim.
  everybody: {
    touched: 'select where $2::uuid[] is null',
    customers: '',
    members: '',
    misplaced: `select m.* from members k
    join audience_member m on m.workspace_id = $1 and m.destination_id = k.destination_id and m.audience = k.audience and m.customer_id = k.customer_id
    where ${outOfPlace('m')}
    order by m.destination_id, m.audience, m.customer_id
    for update of m`,
  },
};

/**
 * Compares who should be in the partners' audiences with who was asked in, and plans the difference. Should be: whoever is in
 * the segment of a program and has agreed; a program that is switched off lets nobody in, and keeps those it has only while
 * they would still be let in. Whoever was put in under an identifier that is no longer theirs is taken out too, and let in anew the next
 * time this compares. Asking for REMOVE needs no consent. Those it may change are locked in order of their key, so that two who
 * compare at once wait for each other instead of planning twice.
 */
const compare = ({ touched, customers, members, misplaced }: (typeof meant)[keyof typeof meant]): string => `with
  feeds as (
    select p.id, p.version, p.segment_id, p.destination_id, ${audienceOf('p.message')} as audience, p.active, d.purpose, d.channel, d.address
    from program p join destination d on d.workspace_id = $1 and d.id = p.destination_id and d.kind = 'audience'
    where p.workspace_id = $1
  ), touched as materialized (
    ${touched}
  ), agreed as materialized (
    select distinct on (f.destination_id, f.audience, c.id) f.*, c.id as customer_id
    from feeds f
    join customer c on c.workspace_id = $1 and c.segments @> array[f.segment_id] ${customers}
    where consent_refusal(c.consents, f.purpose, f.channel) is null
      and exists (select from identity i where i.workspace_id = $1 and i.customer_id = c.id and i.namespace = any(f.address))
    order by f.destination_id, f.audience, c.id, f.active desc, f.id
  ), members as materialized (
    select m.*, coalesce((select i.customer_id from identity i where i.workspace_id = $1 and i.id = m.customer_id), m.customer_id) as answers
    from audience_member m
    where m.workspace_id = $1 ${members}
  ), misplaced as materialized (
    ${misplaced}
  ), entering as (
    insert into audience_member as m (workspace_id, destination_id, audience, customer_id, program_id, program_version, wanted, changed_at)
    select $1, a.destination_id, a.audience, a.customer_id, a.id, a.version, true, $3 from agreed a
    where a.active and not exists (
      select from members k where k.destination_id = a.destination_id and k.audience = a.audience and k.answers = a.customer_id and k.wanted
    )
    order by a.destination_id, a.audience, a.customer_id
    on conflict (workspace_id, destination_id, audience, customer_id) do update
      set wanted = true, program_id = excluded.program_id, program_version = excluded.program_version, turn = m.turn + 1, changed_at = $3
      where not m.wanted
    returning m.*
  ), leaving as (
    update audience_member m set wanted = false, turn = m.turn + 1, changed_at = $3
    from misplaced k
    where m.workspace_id = $1 and m.destination_id = k.destination_id and m.audience = k.audience and m.customer_id = k.customer_id
    returning m.*
  ), cancelled as (
    update delivery d set status = 'SUPPRESSED', obstacle = 'CANCELLED', reason = 'taken out again before it went in', updated_at = $3
    from (
      select w.id from leaving l
      join delivery w on w.workspace_id = $1 and w.destination_id = l.destination_id and w.customer_id = l.customer_id
        and w.status = 'PENDING' and w.operation = 'ADD' and w.audience = l.audience
      for update of w skip locked
    ) waiting
    where d.workspace_id = $1 and d.id = waiting.id
  ), planned as (
    insert into delivery (workspace_id, id, program_id, program_version, destination_id, customer_id, segment_id, change, operation, audience,
      changed_at, status, due_at, created_at, updated_at)
    select $1, substr(encode(sha256(convert_to(concat_ws('/', $1::int, destination_id, audience, customer_id, turn,
        (extract(epoch from $3) * 1000)::bigint), 'UTF8')), 'hex'), 1, 32)::uuid,
      program_id, program_version, destination_id, customer_id, (select segment_id from program where workspace_id = $1 and id = program_id),
      change, operation, audience, $3, 'PENDING', $3, $3, $3
    from (select *, 'ENTERED' as change, 'ADD' as operation from entering union all select *, 'LEFT', 'REMOVE' from leaving) moved
    order by customer_id
    on conflict do nothing returning id
  ), woken as materialized (
    select pg_notify('${wakeChannel}', $1::int::text) where exists (select from planned)
  )
  select (select count(*) from planned) as planned, (select count(*) from woken) as woken`;

const those = statement('delivery.follow', compare(meant.these));
const everybody = statement('delivery.follow-all', compare(meant.everybody));

/**
 * Plans what must change in partners' audiences for these customers (ids of any of their identities, those of customers
 * merged away included), or for everybody. Answers how many changes that made. In the line's transaction it runs after customers,
 * consents and memberships are written.
 */
export async function followAudiences(
  sql: Sql,
  workspaceId: number,
  { customerIds, now }: { readonly customerIds?: readonly string[]; readonly now: Date },
): Promise<number> {
  if (customerIds?.length === 0) return 0;
  const [row] = await sql<{ planned: number }>(customerIds ? those : everybody, [
    workspaceId,
    customerIds ? uuids(customerIds) : null,
    now,
  ]);
  return row?.planned ?? 0;
}
