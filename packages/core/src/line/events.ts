import { type Sql, statement } from '../db/sql.ts';
import type { Violation } from './receipt.ts';
import type { AcceptedEvent } from './submission.ts';

const claim = statement(
  'event_claim',
  `insert into event_key (workspace_id, event_id, identity_id, occurred_at)
   select $1::int, * from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) order by 2
   on conflict do nothing returning event_id`,
);

export const findKeys = statement('event_stored', 'select event_id from event_key where workspace_id = $1 and event_id = any($2::uuid[])');

/**
 * Answers the events nobody has stored before. The keys are taken in order of id, so that two batches with the same
 * events wait for each other: the second one then sees the first one's outcome.
 */
export async function claimKeys(sql: Sql, workspaceId: number, events: readonly AcceptedEvent[]): Promise<AcceptedEvent[]> {
  const first = new Map<string, AcceptedEvent>();
  for (const event of events) if (!first.has(event.eventId)) first.set(event.eventId, event);
  const sorted = [...first.values()].sort((left, right) => (left.eventId < right.eventId ? -1 : 1));
  const rows = await sql<{ event_id: string }>(claim, [
    workspaceId,
    sorted.map(({ eventId }) => eventId),
    sorted.map(({ identities }) => identities[0].id),
    sorted.map(({ occurredAt }) => occurredAt.toISOString()),
  ]);
  if (rows.length === first.size) return [...first.values()];
  const fresh = new Set(rows.map(({ event_id }) => event_id));
  return [...first.values()].filter(({ eventId }) => fresh.has(eventId));
}

const append = statement(
  'event_append',
  `insert into event (workspace_id, id, identity_id, source_id, type, occurred_at, received_at, identity_ids, properties, context)
   select $1::int, id, identity_id, source_id, type, occurred_at, received_at, identity_ids::uuid[], properties, context
   from unnest($2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::text[], $9::jsonb[], $10::jsonb[])
     as n (id, identity_id, source_id, type, occurred_at, received_at, identity_ids, properties, context)`,
);

export async function appendEvents(sql: Sql, workspaceId: number, events: readonly AcceptedEvent[]): Promise<void> {
  await sql(append, [
    workspaceId,
    events.map(({ eventId }) => eventId),
    events.map(({ identities }) => identities[0].id),
    events.map(({ sourceId }) => sourceId),
    events.map(({ type }) => type),
    events.map(({ occurredAt }) => occurredAt.toISOString()),
    events.map(({ receivedAt }) => receivedAt.toISOString()),
    events.map(({ identities }) => `{${identities.map(({ id }) => id).join(',')}}`),
    events.map(({ propertiesJson }) => propertiesJson),
    events.map(({ contextJson }) => contextJson),
  ]);
}

export interface Quarantined {
  readonly eventId: string;
  readonly sourceId: number;
  readonly receivedAt: Date;
  readonly violations: readonly Violation[];
  readonly submission: unknown;
}

const quarantine = statement(
  'event_quarantine',
  `insert into quarantined_event as held (workspace_id, id, source_id, received_at, violations, draft)
   select $1::int, * from unnest($2::uuid[], $3::int[], $4::timestamptz[], $5::jsonb[], $6::jsonb[]) order by 2
   on conflict (workspace_id, id) do update
     set attempts = held.attempts + 1, violations = excluded.violations, draft = excluded.draft, received_at = excluded.received_at, replayed_at = null`,
);

/** Keeps what could not be accepted, with the reasons. The same event again replaces its older self. */
export async function quarantineEvents(sql: Sql, workspaceId: number, events: readonly Quarantined[]): Promise<void> {
  const last = new Map(events.map((event) => [event.eventId, event]));
  const rows = [...last.values()].sort((left, right) => (left.eventId < right.eventId ? -1 : 1));
  await sql(quarantine, [
    workspaceId,
    rows.map(({ eventId }) => eventId),
    rows.map(({ sourceId }) => sourceId),
    rows.map(({ receivedAt }) => receivedAt),
    rows.map(({ violations }) => JSON.stringify(violations)),
    rows.map(({ submission }) => JSON.stringify(submission)),
  ]);
}
