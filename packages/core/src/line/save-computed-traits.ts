import type { Workspace } from '../access/workspace.ts';
import { statement, type Transaction } from '../db/sql.ts';
import { askEverybody } from './ask-everybody.ts';
import type { Line } from './line.ts';
import { raiseRules } from './rules-version.ts';

const save = statement(
  'computed_save',
  `insert into computed_trait as held (workspace_id, name, computation, status, since)
   select $1, d.key, d.value, 'BUILDING', n.rules_version + 1 from jsonb_each($2::jsonb) d, change_counter n where n.workspace_id = $1
   on conflict (workspace_id, name) do update set computation = excluded.computation, status = 'BUILDING', since = excluded.since
     where held.computation <> excluded.computation or held.status = 'WITHDRAWN'
   returning name`,
);
const withdraw = statement(
  'computed_withdraw',
  `update computed_trait t set status = 'WITHDRAWN', since = n.rules_version + 1 from change_counter n
   where t.workspace_id = $1 and n.workspace_id = $1 and split_part(t.name, '.', 1) = any($2::text[]) and t.name <> all($3::text[])
     and t.status <> 'WITHDRAWN' returning t.name`,
);
const unfinished = statement(
  'computed_unfinished',
  `select max(since) as version from computed_trait where workspace_id = $1 and status <> 'LIVE'`,
);
const finish = statement(
  'computed_finish',
  `with gone as (delete from computed_trait where workspace_id = $1 and since <= $2 and status = 'WITHDRAWN')
   update computed_trait set status = 'LIVE' where workspace_id = $1 and since <= $2 and status = 'BUILDING'`,
);

/**
 * Keeps the computed traits that the line's plugins declare, and no others of theirs; those of plugins it does not have are another
 * server's on the same database. From the moment this commits every batch computes them; then everybody already there gets what
 * is new or changed and loses what is not declared any more, beside the traffic. What a process that stops in the middle leaves
 * undone is done by the next one that calls this.
 */
export async function saveComputedTraits(line: Line, workspace: Workspace): Promise<void> {
  await line.alone(workspace, (sql) => declare(sql, line, workspace.id));
  await finishUnfinished(line, workspace);
}

/** Takes the computed traits of a plugin that is gone for good from everybody. Answers their names. */
export async function withdrawComputedTraits(line: Line, workspace: Workspace, plugin: string): Promise<string[]> {
  const names = await line.alone(workspace, async (sql) => {
    const withdrawn = await sql<{ name: string }>(withdraw, [workspace.id, [plugin], []]);
    if (withdrawn.length > 0) await sql(raiseRules, [workspace.id]);
    return withdrawn.map(({ name }) => name).sort();
  });
  await finishUnfinished(line, workspace);
  return names;
}

async function finishUnfinished(line: Line, workspace: Workspace): Promise<void> {
  const [row] = await line.database.query<{ version: number | null }>(workspace.id, unfinished, [workspace.id]);
  if (row === undefined || row.version === null) return;
  await askEverybody(line, workspace);
  await line.database.query(workspace.id, finish, [workspace.id, row.version]);
}

async function declare(sql: Transaction, { registry }: Line, workspaceId: number): Promise<void> {
  const declared = [...registry.computedTraits.values()].map(({ traitName, computation }) => [traitName, computation] as const);
  const saved = await sql(save, [workspaceId, JSON.stringify(Object.fromEntries(declared))]);
  const plugins = registry.plugins.map(({ name }) => name);
  const withdrawn = await sql(withdraw, [workspaceId, plugins, declared.map(([name]) => name)]);
  if (saved.length + withdrawn.length > 0) await sql(raiseRules, [workspaceId]);
}
