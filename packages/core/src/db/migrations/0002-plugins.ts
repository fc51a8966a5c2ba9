import { Migration } from '@mikro-orm/migrations';
import { ownWorkspace } from './own-workspace.ts';

/** What the house keeps for plugins: their state, calls to be worked on later, sources being read page by page, journeys to connect an account. */
export class Plugins extends Migration {
  override name = '0002-plugins';

  override up(): void {
    for (const statement of [...state, ...tables, ...scoped.flatMap((table) => ownWorkspace(table))]) this.addSql(statement);
  }

  override down(): void {
    for (const table of [...scoped].reverse()) this.addSql(`drop table if exists ${table} cascade`);
    this.addSql('delete from plugin_state where sealed is not null');
    this.addSql('alter table plugin_state drop column sealed, drop column expires_at');
  }
}

const state = [
  // A secret is kept sealed and never beside its plain value.
  `alter table plugin_state add column sealed bytea, add column expires_at timestamptz(3),
    add constraint plugin_state_sealed check (sealed is null or value = 'null')`,
  `create index plugin_state_expiring on plugin_state (workspace_id, expires_at) where expires_at is not null`,
];

const tables = [
  // A verified call as it came, until its events are stored. due_at is also the lease of whoever works on it.
  `create table inbox (
    workspace_id int not null references workspace,
    id uuid not null default gen_random_uuid(),
    source text not null,
    request jsonb not null,
    body bytea not null,
    status text not null default 'WAITING' check (status in ('WAITING', 'GIVEN_UP')),
    attempts int not null default 0,
    due_at timestamptz(3) not null,
    reason text,
    received_at timestamptz(3) not null,
    primary key (workspace_id, id)
  )`,
  `create index inbox_due on inbox (workspace_id, source, due_at) where status = 'WAITING'`,
  `create index inbox_by_time on inbox (workspace_id, received_at desc, id) where status = 'GIVEN_UP'`,
  // The vendor's own ids of calls, hashed. One that is not done belongs to whoever holds it until then.
  `create table webhook_call (
    workspace_id int not null references workspace,
    source text not null,
    call bytea not null,
    done boolean not null,
    until timestamptz(3) not null,
    primary key (workspace_id, source, call)
  )`,
  `create index webhook_call_by_time on webhook_call (workspace_id, until)`,
  // A source being read page by page: for ever (a poll, one per workspace and source) or to its end (a backfill). The cursor is
  // written by the batch that stores the page's events. due_at is also the lease of whoever holds it.
  `create table reading (
    workspace_id int not null references workspace,
    id uuid not null default gen_random_uuid(),
    kind text not null check (kind in ('POLL', 'BACKFILL')),
    source text not null,
    options jsonb not null default '{}',
    cursor jsonb,
    status text not null default 'READING' check (status in ('READING', 'DONE', 'GIVEN_UP', 'CANCELLED')),
    holder uuid,
    due_at timestamptz(3) not null,
    pages int not null default 0,
    read int not null default 0,
    accepted int not null default 0,
    duplicate int not null default 0,
    quarantined int not null default 0,
    rejected int not null default 0,
    failures int not null default 0,
    reason text,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    primary key (workspace_id, id)
  ) with (fillfactor = 80)`,
  `create unique index reading_poll on reading (workspace_id, source) where kind = 'POLL'`,
  `create index reading_due on reading (workspace_id, due_at) where status = 'READING'`,
  `create index reading_by_time on reading (workspace_id, created_at desc, id) where kind = 'BACKFILL'`,
  // Somebody on their way to connect an account. Only the hash of the state is kept: who reads this table can finish nobody's journey.
  `create table account_link (
    workspace_id int not null references workspace,
    state_hash bytea not null,
    source text not null,
    identifiers jsonb not null,
    expires_at timestamptz(3) not null,
    primary key (workspace_id, state_hash)
  )`,
  `create index account_link_expiring on account_link (workspace_id, expires_at)`,
];

const scoped = ['inbox', 'webhook_call', 'reading', 'account_link'];
