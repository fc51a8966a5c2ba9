import type { Database } from '../db/database.ts';
import { statement } from '../db/sql.ts';
import { SegmentNotFound } from '../errors.ts';
import { uuidOf } from './cursor.ts';

export interface Member {
  readonly customerId: string;
  readonly enteredAt: Date;
}

/** The members of a segment and the place in the log they are true at. */
export interface Snapshot {
  readonly seq: number;
  readonly size: number;
  /** In the order of their ids. */
  readonly members: Iterable<Member>;
}

export interface SegmentRef {
  readonly workspaceId: number;
  readonly id: number;
  readonly key: string;
}

const width = 24;

// One statement sees one state of the database, so the members and the number belong together as they would in a
// REPEATABLE READ transaction. 24 bytes a member: a million are 24 MB here and hold no connection while they are sent.
const readMembers = statement(
  'change.members',
  `select coalesce((select seq from change_counter where workspace_id = $1), 0) as seq,
     coalesce(string_agg(uuid_send(customer_id) || int8send((extract(epoch from entered_at) * 1000)::int8), ''::bytea order by customer_id), ''::bytea) as packed
   from membership where workspace_id = $1 and segment_id = $2 and left_at is null and ($3::uuid is null or customer_id > $3)`,
);

const readSize = statement(
  'change.size',
  `select coalesce((select seq from change_counter where workspace_id = $1), 0) as seq, count(*) as size
   from membership where workspace_id = $1 and segment_id = $2 and left_at is null`,
);

const findSegment = statement('change.findSegment', 'select id from segment where workspace_id = $1 and key = $2');

export async function segmentOf(database: Database, workspaceId: number, key: string): Promise<SegmentRef> {
  const [row] = await database.query<{ id: number }>(workspaceId, findSegment, [workspaceId, key]);
  if (row === undefined) throw new SegmentNotFound(key);
  return { workspaceId, id: row.id, key };
}

/** `beyond`: only members with a greater id, the rest of a snapshot that broke off. */
export async function snapshotOf(database: Database, segment: SegmentRef, beyond?: string): Promise<Snapshot> {
  const { workspaceId, id } = segment;
  const [row] = await database.query<{ seq: number; packed: Buffer }>(workspaceId, readMembers, [workspaceId, id, beyond ?? null]);
  if (row === undefined) throw new Error('an aggregate answers one row');
  return { seq: row.seq, size: row.packed.length / width, members: { [Symbol.iterator]: () => unpack(row.packed) } };
}

export async function sizeOf(database: Database, { workspaceId, id }: SegmentRef): Promise<{ seq: number; size: number }> {
  const [row] = await database.query<{ seq: number; size: number }>(workspaceId, readSize, [workspaceId, id]);
  return row ?? { seq: 0, size: 0 };
}

function* unpack(packed: Buffer): Generator<Member> {
  for (let at = 0; at < packed.length; at += width)
    yield { customerId: uuidOf(packed.subarray(at, at + 16)), enteredAt: new Date(Number(packed.readBigInt64BE(at + 16))) };
}
