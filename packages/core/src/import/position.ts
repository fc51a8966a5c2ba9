import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { statement } from '../db/sql.ts';
import type { ImportCounts, ImportRequest } from './request.ts';

/** How far an import has come, as the database knows it. */
export interface Position {
  readonly id: string;
  readonly size: number;
  readonly done: ImportCounts;
}

const start = statement(
  'import_start',
  `insert into import (workspace_id, id, source_id, file) values ($1, $2, $3, $4)
   on conflict (workspace_id, id) do update set
     items = case when $5 or import.finished_at is not null then 0 else import.items end,
     accepted = case when $5 or import.finished_at is not null then 0 else import.accepted end,
     duplicate = case when $5 or import.finished_at is not null then 0 else import.duplicate end,
     quarantined = case when $5 or import.finished_at is not null then 0 else import.quarantined end,
     rejected = case when $5 or import.finished_at is not null then 0 else import.rejected end,
     finished_at = null, updated_at = now()
   returning items, accepted, duplicate, quarantined, rejected`,
);

/** Takes up an import where a stopped run left it, or starts it. A finished one starts again: its events are all duplicates. */
export async function takeUp(request: ImportRequest, options: unknown): Promise<Position> {
  const { database, workspace, line, fromStart = false } = request;
  const { id, size } = await identify(request, options);
  const source = await line.sources.get(workspace.id, request.source);
  const [done] = await database.query<ImportCounts>(workspace.id, start, [workspace.id, id, source.id, request.path, fromStart]);
  if (done === undefined) throw new Error(`import ${id} could not be started`);
  return { id, size, done };
}

const advance = statement(
  'import_advance',
  `update import set items = $3, accepted = $4, duplicate = $5, quarantined = $6, rejected = $7, updated_at = now(),
     finished_at = case when $8 then now() end
   where workspace_id = $1 and id = $2`,
);

/** Remembers the items up to which everything is acknowledged. */
export async function remember(
  { database, workspace }: Pick<ImportRequest, 'database' | 'workspace'>,
  id: string,
  { counts, finished }: { counts: ImportCounts; finished: boolean },
): Promise<void> {
  const { items, accepted, duplicate, quarantined, rejected } = counts;
  await database.query(workspace.id, advance, [workspace.id, id, items, accepted, duplicate, quarantined, rejected, finished]);
}

/** The same file, unchanged, with the same options. A changed file starts anew: positions in the old one mean nothing in it. */
async function identify({ source, path, workspace }: ImportRequest, options: unknown): Promise<{ id: string; size: number }> {
  const { size, mtimeMs } = await stat(path);
  const facts = JSON.stringify([source, await realpath(path), size, mtimeMs, options]);
  const hex = createHash('sha256').update(workspace.salt).update(facts).digest('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  return { id, size };
}
