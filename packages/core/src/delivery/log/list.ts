import type { Outcome } from '@enishi/plugin-sdk';
import type { Database } from '../../db/database.ts';
import { statement } from '../../db/sql.ts';
import { DeliveryNotFound, InvalidCursor } from '../../errors.ts';
import type { Obstacle } from '../admission/admit.ts';

export const deliveryStatuses = ['PENDING', 'SENDING', 'DELIVERED', 'DEAD', 'SUPPRESSED'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

export interface DeliveryRecord {
  readonly id: string;
  readonly program: string;
  readonly destination: string;
  readonly segment: string;
  readonly change: 'ENTERED' | 'LEFT';
  readonly changedAt: Date;
  /** What made the customer enter or leave. */
  readonly cause: unknown;
  /** Who answers for it now, after merges. */
  readonly customerId: string;
  readonly status: DeliveryStatus;
  /** What an audience change does; `null` for a message. */
  readonly operation: 'ADD' | 'REMOVE' | null;
  /** What stood in its way when it was last decided about. */
  readonly obstacle: Obstacle | null;
  readonly attempts: number;
  /** When it is tried next; of meaning while PENDING or SENDING. */
  readonly dueAt: Date;
  /** Why it is dead, suppressed or waiting. */
  readonly reason: string | null;
  /** The partner's own id of it. */
  readonly reference: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface AttemptRecord {
  readonly attempt: number;
  readonly at: Date;
  readonly outcome: Outcome['status'];
  readonly reason: string | null;
  readonly milliseconds: number;
}

/** Which deliveries; what is left out does not filter. */
export interface DeliveryFilter {
  readonly statuses?: readonly DeliveryStatus[];
  readonly destination?: string;
  readonly program?: string;
  /** The customer's deliveries, those planned for an identity merged into it included. */
  readonly customerId?: string;
  /** Planned at or after. */
  readonly from?: Date;
  /** Planned before. */
  readonly to?: Date;
}

export interface DeliveryPage {
  readonly deliveries: readonly DeliveryRecord[];
  /** Hand it in as `after` for the next page; `undefined` on the last. */
  readonly next: string | undefined;
}

/** The filter over alias `d`, from $2 on. */
export const filterSql = `($2::text[] is null or d.status = any($2))
  and ($3::text is null or d.destination_id = (select id from destination where workspace_id = $1 and key = $3))
  and ($4::text is null or d.program_id = (select id from program where workspace_id = $1 and key = $4))
  and ($5::uuid is null or d.customer_id in (select i.id from identity i where i.workspace_id = $1 and i.customer_id = $5))
  and ($6::timestamptz is null or d.created_at >= $6) and ($7::timestamptz is null or d.created_at < $7)`;

export const filterValues = ({ statuses, destination, program, customerId, from, to }: DeliveryFilter): unknown[] => [
  statuses ?? null,
  destination ?? null,
  program ?? null,
  customerId ?? null,
  from ?? null,
  to ?? null,
];

const columns = `d.id, p.key as program, t.key as destination, s.key as segment, d.change, d.changed_at as "changedAt", d.cause,
  coalesce((select i.customer_id from identity i where i.workspace_id = $1 and i.id = d.customer_id), d.customer_id) as "customerId",
  d.status, d.operation, d.obstacle, d.attempts, d.due_at as "dueAt", d.reason, d.reference, d.created_at as "createdAt", d.updated_at as "updatedAt"
  from delivery d
  join program p on p.workspace_id = $1 and p.id = d.program_id
  join destination t on t.workspace_id = $1 and t.id = d.destination_id
  join segment s on s.workspace_id = $1 and s.id = d.segment_id`;

// Run unnamed: a plan made for one combination of filters is wrong for the next.
const list = `select ${columns} where d.workspace_id = $1 and ${filterSql}
  and ($8::timestamptz is null or (d.created_at, d.id) < ($8, $9::uuid))
  order by d.created_at desc, d.id desc limit $10`;

/** Newest first. `first` is at most 1000. */
export async function listDeliveries(
  database: Database,
  workspaceId: number,
  { first = 50, after, ...filter }: DeliveryFilter & { readonly first?: number; readonly after?: string | undefined } = {},
): Promise<DeliveryPage> {
  const limit = Math.min(Math.max(Math.trunc(first), 1), 1000);
  const position = after === undefined ? undefined : readCursor(after);
  const rows = await database.query<DeliveryRecord>(workspaceId, list, [
    workspaceId,
    ...filterValues(filter),
    position?.createdAt ?? null,
    position?.id ?? null,
    limit + 1,
  ]);
  const deliveries = rows.slice(0, limit);
  const last = deliveries.at(-1);
  return { deliveries, next: rows.length > limit && last ? cursorOf(last) : undefined };
}

const loadOne = statement('delivery.load', `select ${columns} where d.workspace_id = $1 and d.id = $2`);
const attemptsOf = statement(
  'delivery.attempts',
  'select attempt, at, outcome, reason, milliseconds from delivery_attempt where workspace_id = $1 and delivery_id = $2 order by attempt',
);

/** One delivery with everything that was tried. Throws DeliveryNotFound. */
export async function loadDelivery(
  database: Database,
  workspaceId: number,
  id: string,
): Promise<DeliveryRecord & { readonly attempted: readonly AttemptRecord[] }> {
  if (!uuid.test(id)) throw new DeliveryNotFound(id);
  const [delivery] = await database.query<DeliveryRecord>(workspaceId, loadOne, [workspaceId, id]);
  if (delivery === undefined) throw new DeliveryNotFound(id);
  return { ...delivery, attempted: await database.query<AttemptRecord>(workspaceId, attemptsOf, [workspaceId, id]) };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const cursorOf = ({ createdAt, id }: DeliveryRecord): string => Buffer.from(`${createdAt.getTime()}/${id}`).toString('base64url');

function readCursor(cursor: string): { createdAt: Date; id: string } {
  const [time = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split('/');
  if (!/^\d{1,15}$/.test(time) || !uuid.test(id)) throw new InvalidCursor();
  return { createdAt: new Date(Number(time)), id };
}
