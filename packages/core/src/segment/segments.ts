import type { Rule } from '@enishi/plugin-sdk';
import type { Database } from '../db/database.ts';
import { Segment } from '../db/entities/segment.ts';
import { SegmentNotFound } from '../errors.ts';

/** A segment as it is kept. */
export interface SegmentRecord {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly rule: Rule;
  readonly version: number;
  /** `BUILDING` while a new rule is asked about everybody; what it shows is complete once it is `LIVE`. */
  readonly status: 'BUILDING' | 'LIVE' | 'ARCHIVED';
  readonly size: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The segments that are not archived, by key. */
export async function listSegments(database: Database, workspaceId: number): Promise<SegmentRecord[]> {
  return database.em(workspaceId).find(Segment, { workspaceId, status: { $ne: 'ARCHIVED' } }, { orderBy: { key: 'asc' } });
}

/** Throws `SegmentNotFound`. */
export async function loadSegment(database: Database, workspaceId: number, key: string): Promise<SegmentRecord> {
  const segment = await database.em(workspaceId).findOne(Segment, { workspaceId, key, status: { $ne: 'ARCHIVED' } });
  if (segment === null) throw new SegmentNotFound(key);
  return segment;
}
