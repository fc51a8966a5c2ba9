import { Migration } from '@mikro-orm/migrations';
import { ownWorkspace } from './own-workspace.ts';

/** Order, pace, caps, suppressed addresses, partner audiences and what was said over the wire. */
export class DeliveryEngine extends Migration {
  override name = '0003-delivery';

  override up(): void {
    for (const statement of [...columns, ...tables, ...scoped.flatMap((table) => ownWorkspace(table))]) this.addSql(statement);
  }

  override down(): void {
    for (const table of [...scoped].reverse()) this.addSql(`drop table if exists ${table} cascade`);
    this.addSql(
      'alter table delivery drop column ordinal, drop column operation, drop column audience, drop column obstacle, drop column sent_at',
    );
    this.addSql('alter table delivery_attempt drop column calls, drop column noted_at');
    this.addSql('alter table destination drop column kind, drop column debug_until');
    this.addSql('alter table destination alter column address type text using address[1]');
  }
}

const columns = [
  'alter table destination alter column address type text[] using array[address]',
  `alter table destination
    add column kind text not null default 'message' check (kind in ('message', 'audience')),
    add column debug_until timestamptz(3)`,
  // ordinal is the order in which a customer's deliveries go out. sent_at is when the last attempt was claimed: caps count by it.
  `alter table delivery
    add column ordinal bigint generated always as identity,
    add column operation text check (operation in ('ADD', 'REMOVE')),
    add column audience text,
    add column obstacle text,
    add column sent_at timestamptz(3)`,
  // In the order they are claimed: many fall due at the same instant.
  'drop index delivery_due',
  `create index delivery_due on delivery (workspace_id, destination_id, due_at, ordinal) where status in ('PENDING', 'SENDING')`,
  `create index delivery_turn on delivery (workspace_id, destination_id, customer_id, ordinal) where status in ('PENDING', 'SENDING')`,
  `create index delivery_waiting on delivery (workspace_id) where status = 'PENDING' and obstacle = 'TURN'`,
  `create index delivery_contact on delivery (workspace_id, customer_id, sent_at) where status in ('SENDING', 'DELIVERED') and operation is null`,
  // noted_at is when the calls were written down: in the order of `at`, a long call would come behind where a watcher has looked.
  'alter table delivery_attempt add column calls jsonb, add column noted_at timestamptz(3)',
  'create index delivery_attempt_calls on delivery_attempt (workspace_id, at desc, delivery_id desc) where calls is not null',
  'create index delivery_attempt_noted on delivery_attempt (workspace_id, noted_at, delivery_id, attempt) where calls is not null',
];

const tables = [
  // The calls of the last moments, by slot of time: one row that every process locks before it claims.
  `create table destination_pace (
    workspace_id int not null,
    destination_id int not null,
    taken jsonb not null default '[]',
    primary key (workspace_id, destination_id)
  ) with (fillfactor = 20)`,
  // By the identity's id, a salted hash: it holds no personal data, so it may outlive the person's erasure.
  `create table suppressed_address (
    workspace_id int not null references workspace,
    channel text not null,
    identity_id uuid not null,
    reason text not null,
    at timestamptz(3) not null,
    primary key (workspace_id, channel, identity_id)
  )`,
  `create table delivery_policy (
    workspace_id int not null references workspace,
    channel text not null,
    policy jsonb not null,
    updated_at timestamptz(3) not null default now(),
    primary key (workspace_id, channel)
  )`,
  // wanted: who should be in the partner's audience. held: the partner may hold them, since an ADD was sent with these identifiers.
  `create table audience_member (
    workspace_id int not null,
    destination_id int not null,
    audience text not null,
    customer_id uuid not null,
    program_id int not null,
    program_version int not null,
    wanted boolean not null,
    held boolean not null default false,
    identifiers jsonb,
    turn int not null default 1,
    changed_at timestamptz(3) not null,
    primary key (workspace_id, destination_id, audience, customer_id)
  ) with (fillfactor = 80)`,
  'create index audience_member_by_customer on audience_member (workspace_id, customer_id)',
  // An audience that is being replaced: until then nothing else changes it, unless whoever replaces it says that they are still at it.
  `create table audience_replacement (
    workspace_id int not null,
    destination_id int not null,
    audience text not null,
    by uuid not null,
    until timestamptz(3) not null,
    primary key (workspace_id, destination_id, audience)
  )`,
  // What a partner still has to forget. The recipient is emptied when it has.
  `create table partner_erasure (
    workspace_id int not null,
    destination_id int not null,
    customer_id uuid not null,
    recipient jsonb,
    attempts int not null default 0,
    due_at timestamptz(3) not null,
    reason text,
    done_at timestamptz(3),
    primary key (workspace_id, destination_id, customer_id)
  )`,
  'create index partner_erasure_due on partner_erasure (workspace_id, due_at) where done_at is null',
];

const scoped = ['destination_pace', 'suppressed_address', 'delivery_policy', 'audience_member', 'audience_replacement', 'partner_erasure'];
