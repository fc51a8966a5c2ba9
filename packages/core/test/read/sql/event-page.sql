select row_to_json(r) as value
from
(select k.id as "@key",
(select coalesce(json_agg(r), '[]')
from
(select e2.occurred_at as "@0", e2.id as "@1", e2.id as "id"
from identity i3
cross join lateral ( select *
from event e2
where e2.workspace_id = $1 and e2.identity_id = i3.id and e2.type = any($6::text[]) and e2.occurred_at >= $7::timestamptz and e2.occurred_at < $8::timestamptz and (e2.occurred_at, e2.id) < ($3::timestamptz, $4::uuid)
order by e2.occurred_at desc, e2.id desc limit $5 ) e2
where i3.workspace_id = $1 and i3.customer_id = c1.id
order by e2.occurred_at desc, e2.id desc limit $5) r) as "events", c1.id as "id"
from unnest($2::uuid[]) k(id) join identity f on f.workspace_id = $1 and f.id = k.id join customer c1 on c1.workspace_id = $1 and c1.id = f.customer_id) r
