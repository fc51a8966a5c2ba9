select row_to_json(r) as value
from
(select k.id as "@key",
(select coalesce(json_agg(r), '[]')
from
(select l2.status as "status", l2.rule as "rule", l2.evidence as "evidence",
(select row_to_json(r)
from
(select i3.value as "value"
from identity i3
where i3.workspace_id = $1 and i3.id = l2.a) r) as "a",
(select row_to_json(r)
from
(select i4.value as "value"
from identity i4
where i4.workspace_id = $1 and i4.id = l2.b) r) as "b"
from link l2
where l2.workspace_id = $1 and l2.id in
(select link.id
from identity join link on link.workspace_id = $1 and link.a = identity.id
where identity.workspace_id = $1 and identity.customer_id = c1.id union select link.id
from identity join link on link.workspace_id = $1 and link.b = identity.id
where identity.workspace_id = $1 and identity.customer_id = c1.id)
order by l2.created_at desc, l2.id limit $3) r) as "links", c1.id as "id"
from unnest($2::uuid[]) k(id) join identity f on f.workspace_id = $1 and f.id = k.id join customer c1 on c1.workspace_id = $1 and c1.id = f.customer_id) r
