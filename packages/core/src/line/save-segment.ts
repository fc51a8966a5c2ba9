import type { Workspace } from '../access/workspace.ts';
import { statement } from '../db/sql.ts';
import { followAudiences } from '../delivery/audience/follow.ts';
import { InvalidSegment, SegmentNotFound } from '../errors.ts';
import { parseRule } from '../rule/validate.ts';
import { loadSegment, type SegmentRecord } from '../segment/segments.ts';
import { announce, type Change } from './announce.ts';
import { askEverybody } from './ask-everybody.ts';
import type { Line } from './line.ts';
import { raiseRules } from './rules-version.ts';

export interface SegmentInput {
  /** 1 to 63 of `a-z`, `0-9` and `-`. A key that exists gets a new version of its rule. */
  readonly key: string;
  readonly name: string;
  readonly description?: string;
  readonly rule: unknown;
}

const upsert = statement(
  'segment_save',
  `insert into segment as s (workspace_id, key, name, description, rule, status) values ($1, $2, $3, $4, $5, 'BUILDING')
   on conflict (workspace_id, key) do update
     set name = excluded.name, description = excluded.description, updated_at = now(),
         version = s.version + (s.rule <> excluded.rule or s.status = 'ARCHIVED')::int,
         status = case when s.rule <> excluded.rule or s.status <> 'LIVE' then 'BUILDING' else 'LIVE' end,
         rule = excluded.rule
   returning id, version, status`,
);
const keepVersion = statement(
  'segment_version_keep',
  'insert into segment_version (workspace_id, segment_id, version, rule) values ($1, $2, $3, $4) on conflict do nothing',
);
const begins = statement('segment_since', 'update segment set since = $3 where workspace_id = $1 and id = $2');
const unfinished = statement('segment_unfinished', `select id, version from segment where workspace_id = $1 and status = 'BUILDING'`);
const finish = statement(
  'segment_finish',
  `update segment set status = 'LIVE' where workspace_id = $1 and id = $2 and version = $3 and status = 'BUILDING'`,
);
const archive = statement(
  'segment_archive',
  `update segment set status = 'ARCHIVED', updated_at = now() where workspace_id = $1 and key = $2 and status <> 'ARCHIVED' returning id`,
);
const closeAll = statement(
  'segment_close',
  `update membership set left_at = greatest($3, entered_at), left_by = 'RULE' where workspace_id = $1 and segment_id = $2 and left_at is null
   returning customer_id`,
);

/**
 * Makes a segment or gives it a new rule. From the moment this commits every batch asks the new rule; then everybody
 * already there is asked, page by page beside the traffic, and the segment is `LIVE` when this returns. Where it cannot be
 * brought to its end, saving the same again does that, and so does `finishSegments`.
 * Throws `InvalidRule`, `InvalidSegment`.
 */
export async function saveSegment(line: Line, workspace: Workspace, input: SegmentInput): Promise<SegmentRecord> {
  const rule = parseRule(input.rule);
  requireNames(input);
  const saved = await line.alone(workspace, async (sql) => {
    const [row] = await sql<{ id: number; version: number; status: string }>(upsert, [
      workspace.id,
      input.key,
      input.name,
      input.description ?? '',
      JSON.stringify(rule),
    ]);
    if (row === undefined || row.status === 'LIVE') return undefined;
    await sql(keepVersion, [workspace.id, row.id, row.version, JSON.stringify(rule)]);
    const [rules] = await sql<{ rules_version: number }>(raiseRules, [workspace.id]);
    await sql(begins, [workspace.id, row.id, rules?.rules_version]);
    announce(sql, workspace.id, { changes: [{ kind: 'SEGMENT', segmentId: row.id }], at: line.now() });
    return row;
  });
  if (saved !== undefined) await build(line, workspace, [saved]);
  return loadSegment(line.database, workspace.id, input.key);
}

/**
 * Brings to their end the segments over which a process was stopped. Several may do so at once, also beside the one that is at it:
 * whoever has been asked stays where he is, and a rule that is changed meanwhile is left to whoever changed it.
 */
export async function finishSegments(line: Line, workspace: Workspace): Promise<void> {
  const found = await line.database.query<Building>(workspace.id, unfinished, [workspace.id]);
  if (found.length > 0) await build(line, workspace, found);
}

interface Building {
  readonly id: number;
  readonly version: number;
}

async function build(line: Line, workspace: Workspace, segments: readonly Building[]): Promise<void> {
  await askEverybody(line, workspace);
  for (const { id, version } of segments) await line.database.query(workspace.id, finish, [workspace.id, id, version]);
}

/** Takes a segment out of use: everybody leaves it, its history stays. Throws `SegmentNotFound`. */
export async function archiveSegment(line: Line, workspace: Workspace, key: string): Promise<void> {
  await line.alone(workspace, async (sql) => {
    const [row] = await sql<{ id: number }>(archive, [workspace.id, key]);
    if (row === undefined) throw new SegmentNotFound(key);
    const left = await sql<{ customer_id: string }>(closeAll, [workspace.id, row.id, line.now()]);
    await sql(forget, [workspace.id, row.id]);
    await sql(raiseRules, [workspace.id]);
    await followAudiences(sql, workspace.id, { customerIds: left.map(({ customer_id }) => customer_id), now: line.now() });
    const leave = left.map(
      ({ customer_id }): Change => ({ kind: 'LEFT', segmentId: row.id, customerId: customer_id, cause: { kind: 'RULE' } }),
    );
    announce(sql, workspace.id, { changes: [...leave, { kind: 'SEGMENT', segmentId: row.id }], at: line.now() });
  });
}

const forget = statement(
  'segment_forget',
  'update customer set segments = array_remove(segments, $2), revision = revision + 1 where workspace_id = $1 and segments @> array[$2::int]',
);
function requireNames({ key, name }: SegmentInput): void {
  const violations = [
    ...(/^[a-z0-9][a-z0-9-]{0,62}$/.test(key)
      ? []
      : [{ path: 'key', message: 'use 1 to 63 of a-z, 0-9 and -, starting with a letter or digit' }]),
    ...(name.trim() === '' || name.length > 200 ? [{ path: 'name', message: 'use 1 to 200 characters' }] : []),
  ];
  if (violations.length > 0) throw new InvalidSegment(violations);
}
