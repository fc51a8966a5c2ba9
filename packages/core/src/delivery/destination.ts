import type { Destination } from '@enishi/plugin-sdk';
import type { Database } from '../db/database.ts';
import { type Sql, statement } from '../db/sql.ts';
import { UnknownDestination } from '../errors.ts';
import { wakeChannel } from './wake.ts';

/** The configured destinations by key, `plugin.destination` such as `email.message`. */
export type Destinations = ReadonlyMap<string, Destination>;

export interface DestinationRecord {
  readonly id: number;
  readonly key: string;
  readonly purpose: string;
  readonly channel: string;
  readonly kind: Destination['kind'];
  /** A customer must have one of these namespaces to be reached. */
  readonly address: readonly string[];
  readonly pausedAt: Date | null;
  readonly pausedReason: string | null;
  /** Until when its calls are written down. */
  readonly debugUntil: Date | null;
}

const register = statement(
  'delivery.register-destinations',
  `with given as (select * from unnest($2::text[], $3::text[], $4::text[], $5::jsonb[], $6::text[]) as g(key, purpose, channel, names, kind)),
  wanted as (select *, array(select jsonb_array_elements_text(names)) as address from given),
  saved as (
    insert into destination (workspace_id, key, purpose, channel, address, kind) select $1, key, purpose, channel, address, kind from wanted
    on conflict (workspace_id, key) do update set purpose = excluded.purpose, channel = excluded.channel, address = excluded.address,
      kind = excluded.kind
    where (destination.purpose, destination.channel, destination.address, destination.kind)
      is distinct from (excluded.purpose, excluded.channel, excluded.address, excluded.kind)
    returning id, key
  )
  select id, key from saved union select id, key from destination where workspace_id = $1 and key = any($2)`,
);

/** Makes the configured destinations known to a workspace, where the planner finds what consent and address they need. */
export async function registerDestinations(sql: Sql, workspaceId: number, destinations: Destinations): Promise<Map<string, number>> {
  const all = [...destinations];
  const rows = await sql<{ id: number; key: string }>(register, [
    workspaceId,
    all.map(([key]) => key),
    all.map(([, { purpose }]) => purpose),
    all.map(([, { channel }]) => channel),
    all.map(([, { address }]) => JSON.stringify(typeof address === 'string' ? [address] : address)),
    all.map(([, { kind }]) => kind),
  ]);
  return new Map(rows.map(({ id, key }) => [key, id]));
}

const list = statement(
  'delivery.list-destinations',
  `select id, key, kind, purpose, channel, address, debug_until as "debugUntil", paused_at as "pausedAt", paused_reason as "pausedReason"
  from destination where workspace_id = $1 order by key`,
);

export const listDestinations = (database: Database, workspaceId: number): Promise<DestinationRecord[]> =>
  database.query<DestinationRecord>(workspaceId, list, [workspaceId]);

const pause = statement(
  'delivery.pause-destination',
  `update destination set paused_at = coalesce(paused_at, now()), paused_reason = $3 where workspace_id = $1 and key = $2 returning id`,
);

/** Its deliveries wait, planned ones included; the calls under way end by themselves. */
export async function pauseDestination(database: Database, workspaceId: number, { key, reason }: { key: string; reason: string }) {
  const rows = await database.query(workspaceId, pause, [workspaceId, key, reason]);
  if (rows.length === 0) throw new UnknownDestination(key);
}

const resume = statement(
  'delivery.resume-destination',
  `with resumed as (
    update destination set paused_at = null, paused_reason = null where workspace_id = $1 and key = $2 returning id
  )
  select id, pg_notify('${wakeChannel}', $1::int::text) from resumed`,
);

/** What waited is sent now. Resuming one that is not paused changes nothing. */
export async function resumeDestination(database: Database, workspaceId: number, key: string): Promise<void> {
  const rows = await database.query(workspaceId, resume, [workspaceId, key]);
  if (rows.length === 0) throw new UnknownDestination(key);
}
