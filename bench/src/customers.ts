import { createWorkspace, migrate, type Workspace } from '@enishi/core';
import type pg from 'pg';

export interface Crowd {
  readonly customers: number;
  readonly events: number;
}

/**
 * Fills Enishi's own tables with customers as the line would have left them, set by set: identities with their deterministic ids,
 * surviving traits, decisions in force, memberships that agree with the segments' rules, events in the order of time over four
 * monthly partitions. Left out is what no benchmark of reading looks at: links, observations, the consent ledger, the change log.
 */
export async function fillCustomers(ownerUrl: string, owner: pg.Client, crowd: Crowd): Promise<Workspace> {
  await migrate(ownerUrl);
  const workspace = await createWorkspace(ownerUrl, { key: 'main', name: 'Bench', salt: Buffer.alloc(32, 1) });
  await owner.query(`set maintenance_work_mem = '512MB'; set work_mem = '256MB'; set synchronous_commit = off`);
  for (const statement of statements(workspace, crowd)) await owner.query(statement);
  return workspace;
}

const statements = ({ id, salt }: Workspace, { customers, events }: Crowd): string[] => [
  // The same id that the line derives from namespace and value.
  `create function pg_temp.identity_id(namespace text, value text) returns uuid language sql immutable as $$
     select (substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-8' || substr(h, 14, 3) || '-a' || substr(h, 18, 3) || '-' || substr(h, 21, 12))::uuid
     from encode(sha256('\\x${salt.toString('hex')}'::bytea || convert_to('identity', 'UTF8') || '\\x00'::bytea
       || convert_to(namespace, 'UTF8') || '\\x00'::bytea || convert_to(value, 'UTF8')), 'hex') h
   $$`,
  `insert into source (workspace_id, key) select ${id}, key from unnest(array['web.tracking', 'ec.orders', 'pos.receipts']) key`,
  `create temp table sourced as select id, row_number() over (order by id) - 1 as place from source where workspace_id = ${id}`,
  `insert into segment (workspace_id, key, name, description, rule, status, size)
   select ${id}, 'cohort-' || n, 'Cohort ' || n, 'Customers of five neighbouring cohorts.',
     jsonb_build_object('trait', 'cohort', 'in', (select jsonb_agg((n + k) % 20) from generate_series(0, 4) k)), 'LIVE', ${customers} / 4
   from generate_series(0, 19) n`,
  `create temp table grouped as select id, row_number() over (order by id) - 1 as place from segment where workspace_id = ${id}`,
  `create temp table person as
   select n, '2026-01-01Z'::timestamptz + n * interval '1 second' as born,
     pg_temp.identity_id('member', 'M' || 1000000 + n) as member, pg_temp.identity_id('email', 'person' || n || '@shop.example') as email,
     pg_temp.identity_id('phone', '+8190' || 10000000 + n) as phone, pg_temp.identity_id('anonymous', 'device-' || n) as device,
     pg_temp.identity_id('anonymous', 'tablet-' || n) as tablet
   from generate_series(0, ${customers - 1}) n`,
  `insert into identity (workspace_id, id, customer_id, namespace, value, created_at)
   select ${id}, i.id, p.member, i.namespace, i.value, p.born + i.place * interval '1 minute'
   from person p cross join lateral (values
     (0, p.member, 'member', 'M' || 1000000 + n), (1, p.email, 'email', 'person' || n || '@shop.example'), (2, p.phone, 'phone', '+8190' || 10000000 + n),
     (3, p.device, 'anonymous', 'device-' || n), (4, p.tablet, 'anonymous', 'tablet-' || n)) as i (place, id, namespace, value)`,
  `create temp table told as select p.n, jsonb_object_agg(t.key, jsonb_build_object('v', t.value,
     't', to_char(p.born + t.place * interval '1 day', 'YYYY-MM-DD"T"HH24:MI:SS".000Z"'), 's', s.id, 'e', md5(p.n || t.key)::uuid, 'i', p.member)) as traits
   from person p cross join lateral (values
     (0, 'firstName', '"花子"'::jsonb), (1, 'lastName', '"山田"'), (2, 'city', to_jsonb((array['Tokyo', 'Osaka', 'Nagoya', 'Sapporo', 'Fukuoka'])[1 + p.n % 5])),
     (3, 'birthYear', to_jsonb(1950 + p.n % 55)), (4, 'rank', to_jsonb((array['gold', 'silver', 'bronze'])[1 + p.n % 3])), (5, 'cohort', to_jsonb(p.n % 20)))
     as t (place, key, value) join sourced s on s.place = t.place % 3 group by p.n`,
  `insert into membership (workspace_id, segment_id, customer_id, entered_at)
   select ${id}, g.id, p.member, p.born + g.place * interval '1 hour' from person p join grouped g on (p.n - g.place + 20) % 20 < 5`,
  `select ensure_event_partition(m::date) from generate_series('2026-08-01'::date, '2026-11-01'::date, interval '1 month') m`,
  // Indexes after rows: the same tables in a tenth of the time.
  'alter table event drop constraint event_pkey',
  'alter table event_key drop constraint event_key_pkey',
  `insert into event (workspace_id, id, identity_id, source_id, type, occurred_at, received_at, identity_ids, properties, context)
   select ${id}, md5('event' || i)::uuid, w.id, s.id, (array['web.page_viewed', 'web.product_viewed', 'ec.order_placed', 'pos.receipt'])[1 + i % 4], at, at + interval '1 second', array[w.id],
     jsonb_build_object('url', 'https://shop.example/catalog/' || i % 5000 || '?ref=newsletter', 'title', 'Product page ' || i % 977, 'referrer', 'https://search.example/?q=running+shoes',
       'price', 100 + i % 9000, 'currency', 'JPY', 'sku', 'SKU-' || i % 12345, 'quantity', 1 + i % 4,
       'campaign', jsonb_build_object('source', 'newsletter', 'medium', 'email', 'name', 'autumn-' || i % 50),
       'client', jsonb_build_object('agent', 'Mozilla/5.0 (X11; Linux x86_64) Chrome/141.0', 'locale', 'ja-JP', 'session', md5('session' || i))), null
   from generate_series(0::bigint, ${events - 1}) i
     join person p on p.n = i * 7919 % ${customers}
     cross join lateral (select '2026-08-10Z'::timestamptz + i * (interval '100 days' / ${events}) as at,
       case when i / ${customers} % 10 < 5 then p.member when i / ${customers} % 10 < 8 then p.email else p.device end as id) w
     join sourced s on s.place = i % 3
   order by i`,
  `insert into event_key (workspace_id, event_id, identity_id, occurred_at) select workspace_id, id, identity_id, occurred_at from event`,
  `insert into customer (workspace_id, id, created_at, last_event_at, traits, consents, segments, facts, rules_version)
   select ${id}, p.member, p.born, e.at, t.traits,
     (select jsonb_object_agg(c.key, jsonb_build_object('state', c.state, 'at', to_char(p.born, 'YYYY-MM-DD"T"HH24:MI:SS".000Z"'), 'i', p.email))
      from (values ('marketing/email', case p.n % 4 when 0 then 'WITHDRAWN' else 'GIVEN' end), ('marketing/sms', 'REFUSED'), ('analytics/*', 'GIVEN')) as c (key, state)),
     (select array_agg(g.id order by g.id) from grouped g where (p.n - g.place + 20) % 20 < 5),
     '{"n": {"member": 1, "email": 1, "phone": 1, "anonymous": 2}, "m": {}}', 0
   from person p join told t using (n) left join (select i.customer_id, max(e.occurred_at) as at from event e join identity i on i.workspace_id = e.workspace_id and i.id = e.identity_id group by 1) e on e.customer_id = p.member`,
  'alter table event add constraint event_pkey primary key (workspace_id, identity_id, occurred_at, id)',
  'alter table event_key add constraint event_key_pkey primary key (workspace_id, event_id)',
  'vacuum (analyze)',
  'checkpoint',
];
