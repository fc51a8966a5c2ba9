select
(select coalesce(json_agg(r), '[]')
from
(select d1.id as "id", d1.status as "status",
(select destination.key
from destination
where destination.workspace_id = $1 and destination.id = d1.destination_id) as "destination", d1.change as "change", d1.cause as "cause",
(select row_to_json(r)
from
(select c2.id as "id"
from identity f3 join customer c2 on c2.workspace_id = $1 and c2.id = f3.customer_id
where f3.workspace_id = $1 and f3.id = d1.customer_id) r) as "customer",
(select row_to_json(r)
from
(select g4.key as "key",
(select row_to_json(r)
from
(select s5.key as "key"
from segment s5
where s5.workspace_id = $1 and s5.id = g4.segment_id) r) as "segment"
from program g4
where g4.workspace_id = $1 and g4.id = d1.program_id) r) as "program",
(select coalesce(json_agg(r), '[]')
from
(select a6.attempt as "attempt", a6.outcome as "outcome", a6.reason as "reason"
from delivery_attempt a6
where a6.workspace_id = $1 and a6.delivery_id = d1.id
order by a6.attempt) r) as "attemptLog"
from delivery d1
where d1.workspace_id = $1 and d1.status = any($3::text[])
order by d1.created_at desc, d1.id desc limit $2) r) as value
