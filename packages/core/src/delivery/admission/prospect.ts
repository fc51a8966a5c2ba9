import type { Database } from '../../db/database.ts';
import { statement } from '../../db/sql.ts';
import type { Person } from './admit.ts';

/** A program and the customer it might write to, as both are now. */
export interface Prospect {
  readonly programId: number;
  readonly version: number;
  readonly active: boolean;
  /** Why nothing is sent to this customer for comparison's sake; null where they are not held out. */
  readonly heldOut: string | null;
  readonly message: unknown;
  readonly segment: string;
  readonly trigger: 'ENTERED' | 'LEFT' | 'BOTH';
  readonly destinationKey: string;
  readonly kind: 'message' | 'audience';
  readonly purpose: string;
  readonly channel: string;
  readonly address: readonly string[];
  readonly pausedAt: Date | null;
  readonly pausedReason: string | null;
  /** `undefined` where there is no such customer. */
  readonly person: Person | undefined;
}

const find = statement(
  'delivery.prospect',
  `select p.id as "programId", p.version, p.active, holdout_refusal($1::int, p.id, c.id, p.holdout) as "heldOut", p.message, s.key as segment, p.trigger, t.key as "destinationKey", t.kind, t.purpose, t.channel,
    t.address, t.paused_at as "pausedAt", t.paused_reason as "pausedReason", c.id, c.consents, c.traits, (
      select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'namespace', i.namespace, 'value', i.value, 'suppressed', sup.reason)
        order by i.created_at desc, i.id), '[]')
      from identity i left join suppressed_address sup on sup.workspace_id = $1 and sup.channel = t.channel and sup.identity_id = i.id
      where i.workspace_id = $1 and i.customer_id = c.id
    ) as addresses
  from program p
  join segment s on s.workspace_id = $1 and s.id = p.segment_id
  join destination t on t.workspace_id = $1 and t.id = p.destination_id
  left join identity f on f.workspace_id = $1 and f.id = $3
  left join customer c on c.workspace_id = $1 and c.id = f.customer_id
  where p.workspace_id = $1 and p.key = $2`,
);

type Row = Omit<Prospect, 'person'> & Omit<Person, 'id'> & { readonly id: string | null };

/** Reads both; `undefined` where there is no such program. */
export async function findProspect(
  database: Database,
  workspaceId: number,
  { program, customerId }: { readonly program: string; readonly customerId: string },
): Promise<Prospect | undefined> {
  const [row] = await database.query<Row>(workspaceId, find, [workspaceId, program, customerId]);
  if (row === undefined) return undefined;
  const { id, consents, traits, addresses, ...rest } = row;
  return { ...rest, person: id === null ? undefined : { id, consents, traits, addresses } };
}
