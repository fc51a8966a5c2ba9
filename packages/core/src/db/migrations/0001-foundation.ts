import { Migration } from '@mikro-orm/migrations';
import { ownWorkspace } from './own-workspace.ts';

/**
 * The whole data model. `workspace_id` leads every key: row-level security filters by it and a
 * distributed database can shard by it. Facts (events, traits observed, consents) hang on identities and never move;
 * `customer` holds only what can be recomputed from them.
 */
export class Foundation extends Migration {
  override name = '0001-foundation';

  override up(): void {
    for (const statement of [...tables, ...functions, ...policies()]) this.addSql(statement);
  }

  override down(): void {
    for (const table of [...scoped, 'workspace'].reverse()) this.addSql(`drop table if exists ${table} cascade`);
    for (const name of [
      'consent_refusal(jsonb, text, text)',
      'ensure_event_partition(date)',
      'authenticate_key(bytea)',
      'list_workspaces()',
      'list_first_timers()',
      'refresh_statistics()',
      'require_all(bigint, bigint)',
    ])
      this.addSql(`drop function if exists ${name}`);
  }
}

const tables = [
  `create table workspace (
    id int generated always as identity primary key,
    key text not null unique,
    name text not null,
    country text not null default 'JP',
    salt bytea not null,
    created_at timestamptz(3) not null default now()
  )`,
  // One row per workspace, updated as the last statement of a transaction: commits queue here only for that instant.
  `create table change_counter (
    workspace_id int primary key references workspace,
    seq bigint not null default 0,
    rules_version int not null default 0,
    splits int not null default 0
  ) with (fillfactor = 20)`,
  `create table api_key (
    workspace_id int not null references workspace,
    id uuid not null default gen_random_uuid(),
    name text not null,
    role text not null,
    scopes text[] not null,
    purpose text not null,
    hash bytea not null unique,
    prefix text not null,
    source_id int,
    created_at timestamptz(3) not null default now(),
    expires_at timestamptz(3),
    revoked_at timestamptz(3),
    primary key (workspace_id, id)
  )`,
  `create table source (
    workspace_id int not null references workspace,
    id int generated always as identity,
    key text not null,
    created_at timestamptz(3) not null default now(),
    primary key (workspace_id, id),
    unique (workspace_id, key)
  )`,
  `create table destination (
    workspace_id int not null references workspace,
    id int generated always as identity,
    key text not null,
    purpose text not null,
    channel text not null,
    address text not null,
    paused_at timestamptz(3),
    paused_reason text,
    created_at timestamptz(3) not null default now(),
    primary key (workspace_id, id),
    unique (workspace_id, key)
  )`,
  `create table plugin_state (
    workspace_id int not null references workspace,
    plugin text not null,
    key text not null,
    value jsonb not null,
    updated_at timestamptz(3) not null default now(),
    primary key (workspace_id, plugin, key)
  )`,
  // A unique key on the partitioned event table could not dedupe across months, so the ids live here, for ever.
  `create table event_key (
    workspace_id int not null,
    event_id uuid not null,
    identity_id uuid not null,
    occurred_at timestamptz(3) not null,
    primary key (workspace_id, event_id)
  )`,
  `create table event (
    workspace_id int not null,
    id uuid not null,
    identity_id uuid not null,
    source_id int not null,
    type text not null,
    occurred_at timestamptz(3) not null,
    received_at timestamptz(3) not null,
    identity_ids uuid[] not null,
    properties jsonb not null,
    context jsonb,
    primary key (workspace_id, identity_id, occurred_at, id)
  ) partition by range (occurred_at)`,
  `create table quarantined_event (
    workspace_id int not null references workspace,
    id uuid not null,
    source_id int not null,
    received_at timestamptz(3) not null,
    violations jsonb not null,
    draft jsonb not null,
    attempts int not null default 1,
    replayed_at timestamptz(3),
    primary key (workspace_id, id)
  )`,
  `create index quarantined_event_by_time on quarantined_event (workspace_id, received_at desc, id)`,
  // customer_id is materialised from the live links. A customer's id is the id of its oldest identity, so the row of the
  // losing side's oldest identity keeps forwarding the old customer id for ever, and stops by itself after an unmerge.
  `create table identity (
    workspace_id int not null,
    id uuid not null,
    customer_id uuid not null,
    namespace text not null,
    value text not null,
    created_at timestamptz(3) not null,
    primary key (workspace_id, id)
  ) with (fillfactor = 90)`,
  `create index identity_by_customer on identity (workspace_id, customer_id)`,
  `create table link (
    workspace_id int not null,
    id uuid not null,
    a uuid not null,
    b uuid not null,
    rule text not null,
    status text not null check (status in ('LIVE', 'HELD', 'REVOKED')),
    evidence jsonb not null,
    created_at timestamptz(3) not null,
    decided_at timestamptz(3),
    decided_by text,
    reason text,
    primary key (workspace_id, id)
  )`,
  `create index link_by_a on link (workspace_id, a)`,
  `create index link_by_b on link (workspace_id, b)`,
  `create index link_held on link (workspace_id, created_at) where status = 'HELD'`,
  `create table customer (
    workspace_id int not null,
    id uuid not null,
    created_at timestamptz(3) not null,
    last_event_at timestamptz(3),
    traits jsonb not null,
    consents jsonb not null,
    segments int[] not null,
    facts json not null,
    rules_version int not null,
    revision int not null default 0,
    primary key (workspace_id, id)
  ) with (fillfactor = 70)`,
  `create table trait_observation (
    workspace_id int not null,
    identity_id uuid not null,
    trait text not null,
    source_id int not null,
    value jsonb not null,
    observed_at timestamptz(3) not null,
    event_id uuid not null,
    primary key (workspace_id, identity_id, trait, source_id)
  ) with (fillfactor = 85)`,
  `create table consent_record (
    workspace_id int not null,
    identity_id uuid not null,
    position int not null,
    event_id uuid not null,
    purpose text not null,
    channel text not null,
    scope text not null,
    state text not null check (state in ('GIVEN', 'REFUSED', 'WITHDRAWN')),
    occurred_at timestamptz(3) not null,
    recorded_at timestamptz(3) not null,
    source_id int not null,
    evidence jsonb not null,
    previous_hash bytea,
    hash bytea not null,
    primary key (workspace_id, identity_id, position)
  )`,
  `create table segment (
    workspace_id int not null references workspace,
    id int generated always as identity,
    key text not null,
    name text not null,
    description text not null default '',
    rule jsonb not null,
    version int not null default 1,
    status text not null check (status in ('BUILDING', 'LIVE', 'ARCHIVED')),
    since int not null default 0,
    size int not null default 0,
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz(3) not null default now(),
    primary key (workspace_id, id),
    unique (workspace_id, key)
  ) with (fillfactor = 50)`,
  `create table segment_version (
    workspace_id int not null,
    segment_id int not null,
    version int not null,
    rule jsonb not null,
    created_at timestamptz(3) not null default now(),
    primary key (workspace_id, segment_id, version)
  )`,
  `create table membership (
    workspace_id int not null,
    segment_id int not null,
    customer_id uuid not null,
    entered_at timestamptz(3) not null,
    left_at timestamptz(3),
    left_by text,
    primary key (workspace_id, segment_id, customer_id, entered_at)
  ) with (fillfactor = 80)`,
  `create index membership_by_customer on membership (workspace_id, customer_id)`,
  `create table timer (
    workspace_id int not null,
    customer_id uuid not null,
    due_at timestamptz(3) not null,
    primary key (workspace_id, customer_id)
  )`,
  `create index timer_due on timer (workspace_id, due_at, customer_id)`,
  `create table change (
    workspace_id int not null,
    seq bigint not null,
    at timestamptz(3) not null,
    kind text not null,
    segment_id int,
    customer_id uuid,
    customer_ids uuid[],
    event_ids uuid[],
    cause jsonb,
    primary key (workspace_id, seq)
  )`,
  // Random ids cannot be made smaller; trying to cost more than storing them.
  `alter table change alter column customer_ids set storage external, alter column event_ids set storage external`,
  `create index change_by_segment on change (workspace_id, segment_id, seq) where segment_id is not null`,
  `create table program (
    workspace_id int not null references workspace,
    id int generated always as identity,
    key text not null,
    name text not null,
    segment_id int not null,
    trigger text not null check (trigger in ('ENTERED', 'LEFT', 'BOTH')),
    destination_id int not null,
    message jsonb not null,
    version int not null default 1,
    active boolean not null default true,
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz(3) not null default now(),
    primary key (workspace_id, id),
    unique (workspace_id, key)
  )`,
  // What a delivery says is fixed when it is planned: a retry under the same idempotency key carries the same message.
  `create table program_version (
    workspace_id int not null,
    program_id int not null,
    version int not null,
    destination_id int not null,
    message jsonb not null,
    created_at timestamptz(3) not null default now(),
    primary key (workspace_id, program_id, version)
  )`,
  // customer_id is whom it was planned for; after a merge identity.customer_id says who answers now. attempts_before counts
  // the attempts made before the last replay or repaired credentials: the budget of retries starts anew from there.
  `create table delivery (
    workspace_id int not null,
    id uuid not null,
    program_id int not null,
    program_version int not null,
    destination_id int not null,
    customer_id uuid not null,
    segment_id int not null,
    change text not null check (change in ('ENTERED', 'LEFT')),
    changed_at timestamptz(3) not null,
    cause jsonb,
    status text not null check (status in ('PENDING', 'SENDING', 'DELIVERED', 'DEAD', 'SUPPRESSED')),
    attempts int not null default 0,
    attempts_before int not null default 0,
    due_at timestamptz(3) not null,
    reason text,
    reference text,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    primary key (workspace_id, id)
  ) with (fillfactor = 80)`,
  `create index delivery_due on delivery (workspace_id, destination_id, due_at) where status in ('PENDING', 'SENDING')`,
  `create index delivery_by_customer on delivery (workspace_id, customer_id, created_at desc, id desc)`,
  `create index delivery_by_time on delivery (workspace_id, created_at desc, id desc)`,
  `create index delivery_unsent on delivery (workspace_id, status, created_at desc, id desc) where status in ('DEAD', 'SUPPRESSED')`,
  `create table delivery_attempt (
    workspace_id int not null,
    delivery_id uuid not null,
    attempt int not null,
    at timestamptz(3) not null,
    outcome text not null,
    reason text,
    milliseconds int not null,
    primary key (workspace_id, delivery_id, attempt)
  )`,
  `create table import (
    workspace_id int not null references workspace,
    id uuid not null,
    source_id int not null,
    file text not null,
    items int not null default 0,
    accepted int not null default 0,
    duplicate int not null default 0,
    quarantined int not null default 0,
    rejected int not null default 0,
    finished_at timestamptz(3),
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz(3) not null default now(),
    primary key (workspace_id, id)
  )`,
];

const scoped = [
  'change_counter',
  'api_key',
  'source',
  'destination',
  'plugin_state',
  'event_key',
  'event',
  'quarantined_event',
  'identity',
  'link',
  'customer',
  'trait_observation',
  'consent_record',
  'segment',
  'segment_version',
  'membership',
  'timer',
  'change',
  'program',
  'program_version',
  'delivery',
  'delivery_attempt',
  'import',
];

const functions = [
  // Says why consent forbids a use, or null where it allows it. The same decision as consentAllows() in code; a test keeps them equal.
  `create function consent_refusal(consents jsonb, purpose text, channel text) returns text language sql immutable parallel safe as $$
    select case
      when consents -> (purpose || '/' || channel) ->> 'state' in ('REFUSED', 'WITHDRAWN')
        then 'consent ' || lower(consents -> (purpose || '/' || channel) ->> 'state') || ': ' || purpose || '/' || channel
      when consents -> (purpose || '/*') ->> 'state' in ('REFUSED', 'WITHDRAWN')
        then 'consent ' || lower(consents -> (purpose || '/*') ->> 'state') || ': ' || purpose || '/*'
      when purpose = 'service' then null
      when consents -> (purpose || '/' || channel) ->> 'state' = 'GIVEN' or consents -> (purpose || '/*') ->> 'state' = 'GIVEN' then null
      else 'no consent: ' || purpose || '/' || channel
    end
  $$`,
  // A batch that found a customer changed under its hands starts over, as after any other meeting of two transactions.
  `create function require_all(changed bigint, wanted bigint) returns void language plpgsql as $$
  begin
    if changed <> wanted then raise serialization_failure using message = format('%s of %s customers are as they were', changed, wanted); end if;
  end $$`,
  // A month each, but a year each before 2020 and one table for all before 2000: whoever reads events of any time visits every table, and
  // one batch with an event in each month since 1970 would slow all workspaces down for good.
  // Attaching a finished table takes a weaker lock on the parent than creating a partition in place, so ingestion goes on.
  `create function ensure_event_partition(day date) returns void language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    first date;
    till date;
    name text;
  begin
    if day < '2000-01-01' then
      first := '-infinity'; till := '2000-01-01'; name := 'event_before_2000';
    elsif day < '2020-01-01' then
      first := date_trunc('year', day); till := first + interval '1 year'; name := to_char(day, '"event_"YYYY');
    else
      first := date_trunc('month', day); till := first + interval '1 month'; name := to_char(day, '"event_"YYYY_MM');
    end if;
    if to_regclass(name) is not null then return; end if;
    perform pg_advisory_xact_lock(hashtext('enishi.event_partition'));
    -- to_regclass remembers that the table was missing before the lock came; the catalog itself is asked instead.
    if exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relname = name) then return; end if;
    execute format('create table %I (like event including defaults including constraints)', name);
    execute format('alter table event attach partition %I for values from (%L) to (%L)', name, first::timestamp at time zone 'UTC', till::timestamp at time zone 'UTC');
  end $$`,
  // A caller is known by the hash of its key before its workspace is known: the only reads that cross workspaces.
  `create function authenticate_key(candidate bytea) returns setof api_key language sql stable security definer set search_path = public, pg_temp as $$
    select * from api_key where hash = candidate and revoked_at is null and (expires_at is null or expires_at > now())
  $$`,
  // Autovacuum never looks at a partitioned table as a whole; without statistics a rule over a freshly filled workspace takes seconds.
  `create function refresh_statistics() returns void language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    analyze event, identity, customer, membership, trait_observation;
  end $$`,
  `create function list_workspaces() returns table (id int, key text) language sql stable security definer set search_path = public, pg_temp as $$
    select id, key from workspace order by id
  $$`,
  // Asked once a second by every process: with a look at each workspace, thousands of small ones would keep the database busy doing nothing.
  `create function list_first_timers() returns table (workspace_id int, due_at timestamptz) language sql stable security definer set search_path = public, pg_temp as $$
    select w.id, t.due_at from workspace w
    cross join lateral (select due_at from timer where workspace_id = w.id order by due_at limit 1) t
  $$`,
];

/** The application's role owns nothing and sees only the rows of the workspace it has named. */
const policies = (): string[] => [
  `do $$ begin if not exists (select from pg_roles where rolname = 'enishi_app') then create role enishi_app nologin; end if; end $$`,
  `do $$ begin execute format('grant enishi_app to %I', current_user); end $$`,
  'grant usage on schema public to enishi_app',
  ...ownWorkspace('workspace', { column: 'id', rights: 'select' }),
  ...scoped.flatMap((table) => ownWorkspace(table)),
];
