import { ints, jsonbs, rows, texts, uuids } from '../db/arrays.ts';
import { statement, type Transaction } from '../db/sql.ts';
import type { Transition } from '../segment/transition.ts';

/** One row of the change log. */
export interface Change {
  readonly kind: 'ENTERED' | 'LEFT' | 'CUSTOMERS' | 'MERGED' | 'SPLIT' | 'SEGMENT';
  readonly segmentId?: number;
  readonly customerId?: string;
  readonly customerIds?: readonly string[];
  readonly eventIds?: readonly string[];
  readonly cause?: unknown;
}

export const changeOf = ({ change, segmentId, customerId, cause }: Transition): Change => ({ kind: change, segmentId, customerId, cause });

const announceChanges = statement(
  'change_announce',
  `with next as (
     update change_counter set seq = seq + $2 where workspace_id = $1 returning seq
   ), sizes as (
     update segment s set size = s.size + d.delta
     from next, unnest($3::int[], $4::int[]) as d (id, delta)
     where s.workspace_id = $1 and s.id = d.id
   ), logged as (
     insert into change (workspace_id, seq, at, kind, segment_id, customer_id, customer_ids, event_ids, cause)
     select $1, next.seq - $2 + n.place, $5, n.kind, n.segment_id, n.customer_id,
       ($10::uuid[])[first_customer:last_customer], ($13::uuid[])[first_event:last_event], n.cause
     from next, unnest($6::text[], $7::int[], $8::uuid[], $9::jsonb[], $11::int[], $12::int[], $14::int[], $15::int[])
       with ordinality as n (kind, segment_id, customer_id, cause, first_customer, last_customer, first_event, last_event, place)
   )
   select seq, pg_notify('enishi_change', $1 || ':' || seq) from next`,
);

/**
 * Writes the change log and wakes its readers. Must be the last statement before commit: it takes the workspace's
 * counter, which makes the numbers gap-free and in order of commit, and holds it until then.
 */
export function announce(sql: Transaction, workspaceId: number, { changes, at }: { changes: readonly Change[]; at: Date }): void {
  if (changes.length === 0) return;
  const sizes = new Map<number, number>();
  for (const { kind, segmentId } of changes) {
    if (segmentId === undefined || kind === 'SEGMENT') continue;
    sizes.set(segmentId, (sizes.get(segmentId) ?? 0) + (kind === 'ENTERED' ? 1 : -1));
  }
  const customers = rows(changes.map(({ customerIds }) => customerIds));
  const events = rows(changes.map(({ eventIds }) => eventIds));
  sql.send(announceChanges, [
    workspaceId,
    changes.length,
    ints([...sizes.keys()]),
    ints([...sizes.values()]),
    at,
    texts(changes.map(({ kind }) => kind)),
    ints(changes.map(({ segmentId }) => segmentId)),
    uuids(changes.map(({ customerId }) => customerId)),
    jsonbs(changes.map(({ cause }) => (cause === undefined ? null : JSON.stringify(cause)))),
    uuids(customers.all),
    customers.from,
    customers.till,
    uuids(events.all),
    events.from,
    events.till,
  ]);
}
