import { ints, jsonbs, rows, texts, times, uuids } from '../db/arrays.ts';
import { statement, type Transaction } from '../db/sql.ts';
import type { Violation } from './receipt.ts';
import type { AcceptedEvent } from './submission.ts';

const keys = `insert into event_key (workspace_id, event_id, identity_id, occurred_at)
   select $1::int, * from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) order by 2`;
const claim = statement('event_claim', keys);
const claimFresh = statement(
  'event_claim_fresh',
  `with claimed as (${keys} on conflict do nothing returning event_id)
   select case when count(*) < cardinality($2::uuid[]) then coalesce(array_agg(event_id), '{}') end as fresh from claimed`,
);

export const findKeys = statement('event_stored', 'select event_id from event_key where workspace_id = $1 and event_id = any($2::uuid[])');

/**
 * Answers the events nobody has stored before. The keys are taken in order of id, so that two batches with the same
 * events wait for each other: the second one then sees the first one's outcome. Where none is expected to be a duplicate,
 * not looking for any first halves the work; one that comes all the same fails the batch, which starts over `carefully`.
 */
export async function claimKeys(
  sql: Transaction,
  workspaceId: number,
  { events, carefully }: { events: readonly AcceptedEvent[]; carefully: boolean },
): Promise<AcceptedEvent[]> {
  const first = new Map<string, AcceptedEvent>();
  for (const event of events) if (!first.has(event.eventId)) first.set(event.eventId, event);
  const unique = [...first.values()];
  const parameters = [
    workspaceId,
    uuids(unique.map(({ eventId }) => eventId)),
    uuids(unique.map(({ identities }) => identities[0].id)),
    times(unique.map(({ occurredAt }) => occurredAt)),
  ];
  if (!carefully) {
    sql.send(claim, parameters);
    return unique;
  }
  const [claimed] = await sql<{ fresh: string[] | null }>(claimFresh, parameters);
  if (claimed?.fresh == null) return unique;
  const fresh = new Set(claimed.fresh);
  return unique.filter(({ eventId }) => fresh.has(eventId));
}

const append = statement(
  'event_append',
  `insert into event (workspace_id, id, identity_id, source_id, type, occurred_at, received_at, identity_ids, properties, context)
   select $1::int, id, ($8::uuid[])[from_id], source_id, type, occurred_at, received_at, ($8::uuid[])[from_id:till_id], properties, context
   from unnest($2::uuid[], $3::int[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::jsonb[], $11::jsonb[], $9::int[], $10::int[])
     as n (id, source_id, type, occurred_at, received_at, properties, context, from_id, till_id)`,
);

export function appendEvents(sql: Transaction, workspaceId: number, events: readonly AcceptedEvent[]): void {
  const { all, from, till } = rows(events.map(({ identities }) => identities.map(({ id }) => id)));
  sql.send(append, [
    workspaceId,
    uuids(events.map(({ eventId }) => eventId)),
    ints(events.map(({ sourceId }) => sourceId)),
    texts(events.map(({ type }) => type)),
    times(events.map(({ occurredAt }) => occurredAt)),
    times(events.map(({ receivedAt }) => receivedAt)),
    jsonbs(events.map(({ propertiesJson }) => propertiesJson)),
    uuids(all),
    from,
    till,
    jsonbs(events.map(({ contextJson }) => contextJson)),
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
export function quarantineEvents(sql: Transaction, workspaceId: number, events: readonly Quarantined[]): void {
  const last = new Map(events.map((event) => [event.eventId, event]));
  const unique = [...last.values()];
  sql.send(quarantine, [
    workspaceId,
    uuids(unique.map(({ eventId }) => eventId)),
    ints(unique.map(({ sourceId }) => sourceId)),
    times(unique.map(({ receivedAt }) => receivedAt)),
    jsonbs(unique.map(({ violations }) => JSON.stringify(violations))),
    jsonbs(unique.map(({ submission }) => JSON.stringify(submission))),
  ]);
}
