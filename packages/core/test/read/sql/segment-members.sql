select row_to_json(r) as value
from
(select s1.key as "@key", s1.key as "key", s1.size as "size",
(select coalesce(json_agg(r), '[]')
from
(select m2.customer_id as "@0",
(select coalesce(json_agg(r), '[]')
from
(select t4.value -> 'v' as "value"
from jsonb_each(c3.traits) t4
order by t4.key) r) as "traits", c3.id as "id",
(select row_to_json(own)
from
(select m2.entered_at as "enteredAt") own) as "@edge"
from membership m2 join customer c3 on c3.workspace_id = $1 and c3.id = m2.customer_id
where m2.workspace_id = $1 and m2.segment_id = s1.id and m2.left_at is null and (m2.customer_id) > ($2::uuid)
order by m2.customer_id limit $3) r) as "members"
from segment s1
where s1.workspace_id = $1 and s1.status <> 'ARCHIVED'
order by s1.key) r
