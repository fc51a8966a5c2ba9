select
(select coalesce(json_agg(r), '[]')
from
(select c.id as "id",
(select coalesce(json_agg(r), '[]')
from
(select i1.value as "value"
from identity i1
where i1.workspace_id = $1 and i1.customer_id = c.id
order by i1.created_at, i1.id limit $7) r) as "identities"
from customer c
where c.workspace_id = $1 and (coalesce(jsonb_path_exists((c.traits -> $3::text -> 'v'), $4::jsonpath, $5::jsonb, true), false)) and $2::timestamptz is not null
order by c.id limit $6) r) as value
