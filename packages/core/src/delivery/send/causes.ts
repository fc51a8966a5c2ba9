import type { DeliveryCause } from '@enishi/plugin-sdk';
import { uuids } from '../../db/arrays.ts';
import type { Database } from '../../db/database.ts';
import { statement } from '../../db/sql.ts';

export type CauseEvent = NonNullable<DeliveryCause['event']>;
export type Causes = ReadonlyMap<string, CauseEvent>;

const load = statement(
  'delivery.causes',
  `select e.id, e.type, e.occurred_at as at, e.properties from event_key k
  join event e on e.workspace_id = $1 and e.identity_id = k.identity_id and e.occurred_at = k.occurred_at and e.id = k.event_id
  where k.workspace_id = $1 and k.event_id = any($2)`,
);

/** The events that made these customers enter or leave, by id. */
export async function loadCauses(
  database: Database,
  workspaceId: number,
  claimed: readonly { readonly eventId: string | null }[],
): Promise<Causes> {
  const ids = [...new Set(claimed.flatMap(({ eventId }) => (eventId === null ? [] : [eventId])))];
  if (ids.length === 0) return new Map();
  const events = await database.query<CauseEvent>(workspaceId, load, [workspaceId, uuids(ids)]);
  return new Map(events.map((event) => [event.id, event]));
}
