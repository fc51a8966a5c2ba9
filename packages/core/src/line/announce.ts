import { type Sql, statement } from '../db/sql.ts';
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
     select $1, next.seq - $2 + n.place, $5, n.kind, n.segment_id, n.customer_id, n.customer_ids::uuid[], n.event_ids::uuid[], n.cause
     from next, unnest($6::text[], $7::int[], $8::uuid[], $9::text[], $10::text[], $11::jsonb[])
       with ordinality as n (kind, segment_id, customer_id, customer_ids, event_ids, cause, place)
   )
   select seq, pg_notify('enishi_change', $1 || ':' || seq) from next`,
);

const literal = (ids: readonly string[] | undefined): string | null => (ids === undefined ? null : `{${ids.join(',')}}`);

/**
 * Writes the change log and wakes its readers. Must be the last statement before commit: it takes the workspace's
 * counter, which makes the numbers gap-free and in order of commit, and holds it until then.
 */
export async function announce(sql: Sql, workspaceId: number, { changes, at }: { changes: readonly Change[]; at: Date }): Promise<void> {
  if (changes.length === 0) return;
  const sizes = new Map<number, number>();
  for (const { kind, segmentId } of changes) {
    if (segmentId === undefined || kind === 'SEGMENT') continue;
    sizes.set(segmentId, (sizes.get(segmentId) ?? 0) + (kind === 'ENTERED' ? 1 : -1));
  }
  await sql(announceChanges, [
    workspaceId,
    changes.length,
    [...sizes.keys()],
    [...sizes.values()],
    at,
    changes.map(({ kind }) => kind),
    changes.map(({ segmentId }) => segmentId ?? null),
    changes.map(({ customerId }) => customerId ?? null),
    changes.map(({ customerIds }) => literal(customerIds)),
    changes.map(({ eventIds }) => literal(eventIds)),
    changes.map(({ cause }) => (cause === undefined ? null : JSON.stringify(cause))),
  ]);
}
