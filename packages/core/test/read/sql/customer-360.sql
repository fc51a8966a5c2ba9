select row_to_json(r) as value
from
(select k.id as "@key", c1.id as "id", c1.created_at as "createdAt", c1.last_event_at as "lastEventAt",
(select coalesce(json_agg(r), '[]')
from
(select i2.id as "id", i2.namespace as "namespace", i2.value as "value", i2.created_at as "createdAt"
from identity i2
where i2.workspace_id = $1 and i2.customer_id = c1.id
order by i2.created_at, i2.id limit $3) r) as "identities",
(select coalesce(json_agg(r), '[]')
from
(select t3.key as "key", t3.value -> 'v' as "value", t3.value ->> 't' as "observedAt",
(select source.key
from source
where source.workspace_id = $1 and source.id = (t3.value ->> 's')::int) as "source"
from jsonb_each(c1.traits) t3
order by t3.key) r) as "traits",
(select coalesce(json_agg(r), '[]')
from
(select split_part(p4.key, '/', 1) as "purpose", split_part(p4.key, '/', 2) as "channel", p4.value ->> 'state' as "state", p4.value ->> 'at' as "decidedAt"
from jsonb_each(c1.consents) p4
order by p4.key) r) as "consents",
(select coalesce(json_agg(r), '[]')
from
(select e5.occurred_at as "@0", e5.id as "@1", e5.id as "id", e5.type as "type", e5.occurred_at as "occurredAt", e5.properties as "properties"
from identity i6
cross join lateral ( select *
from event e5
where e5.workspace_id = $1 and e5.identity_id = i6.id
order by e5.occurred_at desc, e5.id desc limit $4 ) e5
where i6.workspace_id = $1 and i6.customer_id = c1.id
order by e5.occurred_at desc, e5.id desc limit $4) r) as "events",
(select coalesce(json_agg(r), '[]')
from
(select m7.entered_at as "enteredAt",
(select row_to_json(r)
from
(select s8.key as "key", s8.name as "name"
from segment s8
where s8.workspace_id = $1 and s8.id = m7.segment_id) r) as "segment"
from membership m7
where m7.workspace_id = $1 and m7.customer_id = c1.id and m7.left_at is null
order by m7.entered_at desc, m7.segment_id limit $5) r) as "segments"
from unnest($2::uuid[]) k(id) join identity f on f.workspace_id = $1 and f.id = k.id join customer c1 on c1.workspace_id = $1 and c1.id = f.customer_id) r
