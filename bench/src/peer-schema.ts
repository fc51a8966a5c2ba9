import type pg from 'pg';

/**
 * What PostGraphile needs to answer a customer from Enishi's tables in its own way: foreign keys (as smart comments: checked ones
 * would slow nothing but the filling), and functions as fields for what is no column. They are plain SQL functions that PostgreSQL
 * inlines into the one statement PostGraphile makes.
 */
const schema = `
  create schema peer;
  create type peer.trait as (key text, value jsonb, observed_at timestamptz, source text);
  create type peer.consent as (purpose text, channel text, state text, decided_at timestamptz);
  create function peer.customer_newest_events(c public.customer) returns setof public.event language sql stable as $$
    select e.* from public.identity i cross join lateral (
      select * from public.event e where e.workspace_id = c.workspace_id and e.identity_id = i.id
      order by e.occurred_at desc, e.id desc limit 20
    ) e where i.workspace_id = c.workspace_id and i.customer_id = c.id order by e.occurred_at desc, e.id desc limit 20
  $$;
  create function peer.customer_known_traits(c public.customer) returns setof peer.trait language sql stable as $$
    select t.key, t.value -> 'v', (t.value ->> 't')::timestamptz,
      (select s.key from public.source s where s.workspace_id = c.workspace_id and s.id = (t.value ->> 's')::int)
    from jsonb_each(c.traits) t order by t.key
  $$;
  create function peer.customer_decisions(c public.customer) returns setof peer.consent language sql stable as $$
    select split_part(d.key, '/', 1), split_part(d.key, '/', 2), d.value ->> 'state', (d.value ->> 'at')::timestamptz
    from jsonb_each(c.consents) d order by d.key
  $$;
  comment on table identity is '@foreignKey (workspace_id, customer_id) references customer (workspace_id, id)';
  comment on column identity.created_at is '@behavior +orderBy';
  comment on table membership is
    E'@foreignKey (workspace_id, customer_id) references customer (workspace_id, id)\\n@foreignKey (workspace_id, segment_id) references segment (workspace_id, id)';
  comment on column membership.left_at is '@behavior +filterBy';
`;

export const preparePeer = async (owner: pg.Client): Promise<void> => void (await owner.query(schema));
