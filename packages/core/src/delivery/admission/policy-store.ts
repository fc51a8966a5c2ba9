import type { Database } from '../../db/database.ts';
import { type Sql, statement } from '../../db/sql.ts';
import { type Contact, type DeliveryPolicy, requirePolicy } from './policy.ts';

const list = statement('delivery.policies', 'select policy from delivery_policy where workspace_id = $1 order by channel');

/** What the workspace has decided, by channel. */
export async function policiesOf(sql: Sql, workspaceId: number): Promise<DeliveryPolicy[]> {
  const rows = await sql<{ policy: DeliveryPolicy }>(list, [workspaceId]);
  return rows.map(({ policy }) => policy);
}

export const listDeliveryPolicies = (database: Database, workspaceId: number): Promise<DeliveryPolicy[]> =>
  policiesOf((query, values) => database.query(workspaceId, query, values), workspaceId);

const save = statement(
  'delivery.save-policy',
  `insert into delivery_policy (workspace_id, channel, policy) values ($1, $2, $3)
  on conflict (workspace_id, channel) do update set policy = excluded.policy, updated_at = now()`,
);

/** Sets how often and when customers are written to on a channel, from the next claim on. Throws InvalidDeliveryPolicy. */
export async function setDeliveryPolicy(database: Database, workspaceId: number, policy: DeliveryPolicy): Promise<DeliveryPolicy> {
  requirePolicy(policy);
  await database.query(workspaceId, save, [workspaceId, policy.channel, JSON.stringify(policy)]);
  return policy;
}

const remove = statement(
  'delivery.remove-policy',
  'delete from delivery_policy where workspace_id = $1 and channel = $2 returning channel',
);

/** Lifts what was set for a channel; answers whether there was something. */
export async function removeDeliveryPolicy(database: Database, workspaceId: number, channel: string): Promise<boolean> {
  return (await database.query(workspaceId, remove, [workspaceId, channel])).length > 0;
}

const contacts = statement(
  'delivery.contacts',
  `select i.customer_id as "customerId", d.id as "deliveryId", t.channel, t.purpose, d.sent_at as "sentAt"
  from identity i
  join delivery d on d.workspace_id = $1 and d.customer_id = i.id and d.status in ('SENDING', 'DELIVERED') and d.operation is null
    and d.sent_at > $3
  join destination t on t.workspace_id = $1 and t.id = d.destination_id
  where i.workspace_id = $1 and i.customer_id = any($2)`,
);

/** The messages these customers were sent since then, those under way included. Whoever asks to decide holds the customers' rows. */
export async function contactsOf(
  sql: Sql,
  workspaceId: number,
  { customerIds, since }: { readonly customerIds: readonly string[]; readonly since: Date },
): Promise<Map<string, Contact[]>> {
  const rows = await sql<Contact & { customerId: string }>(contacts, [workspaceId, customerIds, since]);
  return Map.groupBy(rows, ({ customerId }) => customerId);
}
