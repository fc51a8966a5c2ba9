import type { Database } from '../../db/database.ts';
import { type Sql, statement } from '../../db/sql.ts';
import { ProgramNotFound, SegmentNotFound, UnknownDestination } from '../../errors.ts';
import { followAudiences } from '../audience/follow.ts';
import { type Destinations, registerDestinations } from '../destination.ts';
import { type ProgramInput, type ProgramRecord, readMessage, requireProgram } from './program.ts';

/** Where programs live and what they may send through. */
export interface Programs {
  readonly database: Database;
  readonly destinations: Destinations;
  readonly now?: () => Date;
}

const findSegment = statement(
  'delivery.find-segment',
  `select id from segment where workspace_id = $1 and key = $2 and status <> 'ARCHIVED'`,
);

const upsert = statement(
  'delivery.save-program',
  `with saved as (
    insert into program (workspace_id, key, name, segment_id, trigger, destination_id, message, active, holdout)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (workspace_id, key) do update set name = excluded.name, segment_id = excluded.segment_id, trigger = excluded.trigger,
      destination_id = excluded.destination_id, message = excluded.message, active = excluded.active, holdout = excluded.holdout, updated_at = now(),
      version = program.version
        + (program.destination_id <> excluded.destination_id or program.message <> excluded.message)::int
    returning id, version, destination_id, message
  )
  insert into program_version (workspace_id, program_id, version, destination_id, message)
  select $1, id, version, destination_id, message from saved on conflict do nothing`,
);

/** Makes a program or changes the one with this key. Deliveries already planned keep the message they were planned with. */
export async function saveProgram(
  { database, destinations, now = () => new Date() }: Programs,
  workspace: { readonly id: number },
  input: ProgramInput,
): Promise<ProgramRecord> {
  const destination = destinations.get(input.destination);
  requireProgram(input, destination);
  if (destination === undefined) throw new UnknownDestination(input.destination);
  readMessage(destination, input.message);
  return database.transaction(workspace.id, async (sql) => {
    const [segment] = await sql<{ id: number }>(findSegment, [workspace.id, input.segment]);
    if (segment === undefined) throw new SegmentNotFound(input.segment);
    const ids = await registerDestinations(sql, workspace.id, new Map([[input.destination, destination]]));
    await sql(upsert, [
      workspace.id,
      input.key,
      input.name,
      segment.id,
      input.trigger,
      ids.get(input.destination),
      JSON.stringify(input.message),
      input.active ?? true,
      input.holdout ?? 0,
    ]);
    if (destination.kind === 'audience') await followAudiences(sql, workspace.id, { now: now() });
    return requireOne(sql, workspace.id, input.key);
  });
}

const columns = `p.id, p.key, p.name, s.key as segment, p.trigger, d.key as destination, p.message, p.version, p.active, p.holdout,
  p.created_at as "createdAt", p.updated_at as "updatedAt"
  from program p
  join segment s on s.workspace_id = p.workspace_id and s.id = p.segment_id
  join destination d on d.workspace_id = p.workspace_id and d.id = p.destination_id`;

const listAll = statement('delivery.list-programs', `select ${columns} where p.workspace_id = $1 order by p.key`);
const loadOne = statement('delivery.load-program', `select ${columns} where p.workspace_id = $1 and p.key = $2`);

/** All programs of a workspace, by key. */
export const listPrograms = (database: Database, workspaceId: number): Promise<ProgramRecord[]> =>
  database.query<ProgramRecord>(workspaceId, listAll, [workspaceId]);

export async function loadProgram(database: Database, workspaceId: number, key: string): Promise<ProgramRecord | undefined> {
  const [program] = await database.query<ProgramRecord>(workspaceId, loadOne, [workspaceId, key]);
  return program;
}

const activate = statement(
  'delivery.set-program-active',
  'update program set active = $3, updated_at = now() where workspace_id = $1 and key = $2',
);

/** Switches planning on or off. What is already planned is still sent; whoever is in an audience is still taken out when they must. */
export async function setProgramActive(
  database: Database,
  workspaceId: number,
  { key, active, now = new Date() }: { readonly key: string; readonly active: boolean; readonly now?: Date },
): Promise<ProgramRecord> {
  return database.transaction(workspaceId, async (sql) => {
    await sql(activate, [workspaceId, key, active]);
    const program = await requireOne(sql, workspaceId, key);
    if (active) await followAudiences(sql, workspaceId, { now });
    return program;
  });
}

async function requireOne(sql: Sql, workspaceId: number, key: string): Promise<ProgramRecord> {
  const [program] = await sql<ProgramRecord>(loadOne, [workspaceId, key]);
  if (program === undefined) throw new ProgramNotFound(key);
  return program;
}
