/** Why a customer entered or left: the event, the clock, a changed rule, a tie made or revoked, a consent. */
export interface Cause {
  readonly kind: 'EVENT' | 'TIMER' | 'RULE' | 'LINK' | 'UNLINK' | 'CONSENT';
  readonly eventId?: string;
  /** Type of that event, such as `ec.order_placed`. */
  readonly type?: string;
}

export type ChangeKind = 'ENTERED' | 'LEFT' | 'CUSTOMERS' | 'MERGED' | 'SPLIT' | 'SEGMENT';

/** One row of a workspace's append-only log. `seq` has no gaps and follows the order of commits. */
export interface Change {
  readonly seq: number;
  readonly at: Date;
  readonly kind: ChangeKind;
  readonly segmentId: number | null;
  readonly customerId: string | null;
  readonly customerIds: readonly string[] | null;
  readonly cause: Cause | null;
}

/** All conditions that are given must hold. */
export interface ChangeFilter {
  readonly kinds?: readonly ChangeKind[];
  readonly segmentId?: number;
  /** Changes that name at least one of these customers. */
  readonly customerIds?: readonly string[];
}

const none: readonly string[] = [];

/** The same condition as the SQL in log.ts: a follower near the head and one far behind must be told the same. */
export function matches(filter: ChangeFilter, change: Change): boolean {
  if (filter.segmentId !== undefined && change.segmentId !== filter.segmentId) return false;
  if (filter.kinds !== undefined && !filter.kinds.includes(change.kind)) return false;
  if (filter.customerIds === undefined) return true;
  const named = change.customerIds ?? none;
  return filter.customerIds.some((id) => id === change.customerId || named.includes(id));
}
