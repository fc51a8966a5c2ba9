import type { Recipient } from '@enishi/plugin-sdk';
import type { Database } from '../../db/database.ts';
import { type Sql, statement } from '../../db/sql.ts';
import { inTime } from '../../plugin/in-time.ts';
import { backoffSeconds, type RetryPolicy } from '../backoff.ts';
import { type OpensDesks, pluginOf } from '../desk.ts';
import type { Destinations } from '../destination.ts';
import { wakeChannel } from '../wake.ts';

const request = statement(
  'delivery.request-erasure',
  `with own as (
    select i.id, i.namespace, i.value, i.created_at from identity i
    where i.workspace_id = $1 and i.customer_id = (select customer_id from identity where workspace_id = $1 and id = $2)
  ), recipient as (
    select jsonb_build_object('id', $2::uuid, 'traits', '{}'::jsonb, 'identifiers', coalesce(jsonb_object_agg(namespace, found), '{}')) as whole
    from (select namespace, jsonb_agg(value order by created_at desc, id) as found from own group by namespace) by_namespace
  ), told as (
    select distinct destination_id from delivery
    where workspace_id = $1 and customer_id in (select id from own) and attempts > 0
    union
    select destination_id from audience_member where workspace_id = $1 and customer_id in (select id from own) and held
  ), asked as (
    insert into partner_erasure (workspace_id, destination_id, customer_id, recipient, due_at)
    select $1, destination_id, $2, whole, $3 from told, recipient
    on conflict (workspace_id, destination_id, customer_id) do update set recipient = excluded.recipient, due_at = $3, done_at = null
    returning destination_id
  ), woken as materialized (select pg_notify('${wakeChannel}', $1::int::text) where exists (select from asked))
  select (select count(*) from asked) as asked, (select count(*) from woken) as woken`,
);

/**
 * Has every destination that was told of a customer asked to forget them (`onErase`), again and again while it fails. Part of
 * the transaction that erases, before the customer's identities go; call `followAudiences` with their ids after, and they are taken
 * out of the audiences they are in. Answers how many destinations those are.
 */
export async function requestErasure(
  sql: Sql,
  workspaceId: number,
  { customerId, now }: { readonly customerId: string; readonly now: Date },
): Promise<number> {
  const [row] = await sql<{ asked: number }>(request, [workspaceId, customerId, now]);
  return row?.asked ?? 0;
}

const claim = statement(
  'delivery.claim-erasure',
  `update partner_erasure e set attempts = attempts + 1, due_at = $3
  from destination t, workspace w
  where e.workspace_id = $1 and t.workspace_id = $1 and t.id = e.destination_id and w.id = $1
    and (e.destination_id, e.customer_id) = (
      select n.destination_id, n.customer_id from partner_erasure n
      where n.workspace_id = $1 and n.done_at is null and n.due_at <= $2 order by n.due_at limit 1
      for update skip locked
    )
  returning e.destination_id as "destinationId", e.customer_id as "customerId", e.recipient, e.attempts, t.key, w.key as workspace`,
);
// Nobody is named any more once the partner has forgotten them.
const finish = statement(
  'delivery.finish-erasure',
  `update partner_erasure set done_at = $4, recipient = null, reason = null where workspace_id = $1 and destination_id = $2 and customer_id = $3`,
);
const postpone = statement(
  'delivery.postpone-erasure',
  'update partner_erasure set due_at = $4, reason = $5 where workspace_id = $1 and destination_id = $2 and customer_id = $3 and done_at is null',
);
const nextDue = statement(
  'delivery.next-erasure',
  'select min(due_at) as "dueAt" from partner_erasure where workspace_id = $1 and done_at is null',
);

interface Erasure {
  readonly destinationId: number;
  readonly customerId: string;
  readonly recipient: Recipient;
  readonly attempts: number;
  readonly key: string;
  readonly workspace: string;
}

export interface ErasuresOptions {
  readonly database: Database;
  readonly destinations: Destinations;
  readonly desks: OpensDesks;
  readonly retry: RetryPolicy;
  readonly now: () => Date;
  readonly random: () => number;
}

/** When the workspace has an erasure due next; `undefined` where none is open. */
export async function nextErasure(database: Database, workspaceId: number): Promise<Date | undefined> {
  const [row] = await database.query<{ dueAt: Date | null }>(workspaceId, nextDue, [workspaceId]);
  return row?.dueAt ?? undefined;
}

/** Asks for the erasures that are due, one after the other: they are few, and nobody waits behind them. */
export async function runErasures(options: ErasuresOptions, workspaceId: number): Promise<void> {
  const { database, now } = options;
  for (;;) {
    const lease = new Date(now().getTime() + 600_000);
    const [erasure] = await database.query<Erasure>(workspaceId, claim, [workspaceId, now(), lease]);
    if (erasure === undefined) return;
    await ask(options, workspaceId, erasure);
  }
}

async function ask(
  { database, destinations, desks, retry, now, random }: ErasuresOptions,
  workspaceId: number,
  erasure: Erasure,
): Promise<void> {
  const { key, recipient, attempts, destinationId, customerId } = erasure;
  const plugin = pluginOf(key);
  const destination = destinations.get(key);
  const place = [workspaceId, destinationId, customerId];
  try {
    if (destination === undefined) throw new Error('the destination is not configured');
    const workspace = { id: workspaceId, key: erasure.workspace };
    await inTime({ seconds: destination.timeoutSeconds }, (signal) =>
      destination.onErase?.(recipient, desks.of(plugin, workspace, signal)),
    );
    await database.query(workspaceId, finish, [...place, now()]);
  } catch (error) {
    const reason = desks.redacted(plugin, error instanceof Error ? error.message : String(error)).slice(0, 1000);
    const again = new Date(now().getTime() + Math.ceil(Math.max(backoffSeconds(attempts, retry, random), 1) * 1000));
    await database.query(workspaceId, postpone, [...place, again, reason.replaceAll('\0', '')]);
  }
}
