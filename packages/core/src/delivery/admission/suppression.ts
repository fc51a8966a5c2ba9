import { addressSuppressed } from '@enishi/plugin-sdk';
import { texts, times, uuids } from '../../db/arrays.ts';
import type { Database } from '../../db/database.ts';
import { statement, type Transaction } from '../../db/sql.ts';

interface StoredEvent {
  readonly type: string;
  readonly occurredAt: Date;
  readonly identities: readonly { readonly id: string }[];
  readonly properties: Readonly<Record<string, unknown>>;
}

const add = statement(
  'delivery.suppress',
  `insert into suppressed_address (workspace_id, channel, identity_id, reason, at)
  select distinct on (channel, id) $1::int, channel, id, reason, at from unnest($2::text[], $3::uuid[], $4::text[], $5::timestamptz[])
    as s(channel, id, reason, at) order by channel, id, at
  on conflict (workspace_id, channel, identity_id) do nothing`,
);

/** What the line does with `enishi.address_suppressed`: every identifier of such an event takes nothing more on its channel. Other batches pay nothing. */
export function suppressAddresses(sql: Transaction, workspaceId: number, events: readonly StoredEvent[]): void {
  const rows = events
    .filter(({ type }) => type === addressSuppressed.eventName)
    .flatMap(({ identities, occurredAt, properties }) =>
      identities.map(({ id }) => ({ id, at: occurredAt, channel: String(properties.channel), reason: String(properties.reason) })),
    );
  if (rows.length === 0) return;
  sql.send(add, [
    workspaceId,
    texts(rows.map(({ channel }) => channel)),
    uuids(rows.map(({ id }) => id)),
    texts(rows.map(({ reason }) => reason)),
    times(rows.map(({ at }) => at)),
  ]);
}

/** An address that takes nothing more on a channel. */
export interface SuppressedAddress {
  readonly channel: string;
  /** The identity's id, a salted hash of namespace and value. */
  readonly identityId: string;
  /** `null` where nobody has this address any more. */
  readonly namespace: string | null;
  readonly value: string | null;
  readonly customerId: string | null;
  readonly reason: string;
  readonly at: Date;
}

const list = statement(
  'delivery.suppressed',
  `select s.channel, s.identity_id as "identityId", i.namespace, i.value, i.customer_id as "customerId", s.reason, s.at
  from suppressed_address s left join identity i on i.workspace_id = $1 and i.id = s.identity_id
  where s.workspace_id = $1 and ($2::text is null or s.channel = $2) and ($3::uuid is null or (s.channel, s.identity_id) > ($4, $3))
  order by s.channel, s.identity_id limit $5`,
);

export interface SuppressionPage {
  readonly channel?: string | undefined;
  /** The last one of the page before. */
  readonly after?: { readonly channel: string; readonly identityId: string } | undefined;
  /** At most 1000. */
  readonly first: number;
}

/** Suppressed addresses by channel and id. */
export const listSuppressed = (
  database: Database,
  workspaceId: number,
  { channel, after, first }: SuppressionPage,
): Promise<SuppressedAddress[]> =>
  database.query<SuppressedAddress>(workspaceId, list, [
    workspaceId,
    channel ?? null,
    after?.identityId ?? null,
    after?.channel ?? null,
    Math.min(Math.max(first, 1), 1001),
  ]);

const lift = statement(
  'delivery.lift-suppression',
  'delete from suppressed_address where workspace_id = $1 and channel = $2 and identity_id = $3 returning channel',
);

/** The address takes messages on this channel again; what was suppressed for it can be replayed. Answers whether it was suppressed. */
export async function liftSuppression(
  database: Database,
  workspaceId: number,
  { channel, identityId }: { readonly channel: string; readonly identityId: string },
): Promise<boolean> {
  return (await database.query(workspaceId, lift, [workspaceId, channel, identityId])).length > 0;
}
