import type { Workspace } from '../access/workspace.ts';
import { statement } from '../db/sql.ts';
import type { Line } from './line.ts';
import type { Receipt } from './receipt.ts';

const load = statement(
  'quarantine_load',
  `select q.id, q.draft, s.key as source from quarantined_event q join source s on s.workspace_id = q.workspace_id and s.id = q.source_id
   where q.workspace_id = $1 and q.id = any($2::uuid[]) and q.replayed_at is null`,
);
const done = statement('quarantine_done', 'update quarantined_event set replayed_at = $3 where workspace_id = $1 and id = any($2::uuid[])');

/** Sends quarantined events through the line again. What is accepted now counts as replayed; the rest stays, with its reasons of today. */
export async function replayQuarantined(line: Line, workspace: Workspace, ids: readonly string[]): Promise<Map<string, Receipt>> {
  const rows = await line.database.query<{ id: string; draft: unknown; source: string }>(workspace.id, load, [workspace.id, ids]);
  const receipts = new Map<string, Receipt>();
  for (const [source, some] of Map.groupBy(rows, (row) => row.source)) {
    const answers = await line.accept(
      workspace,
      source,
      some.map(({ draft }) => draft),
    );
    some.forEach(({ id }, place) => {
      const answer = answers[place];
      if (answer !== undefined) receipts.set(id, answer);
    });
  }
  const stored = [...receipts].filter(([, { status }]) => status === 'ACCEPTED' || status === 'DUPLICATE').map(([id]) => id);
  if (stored.length > 0) await line.database.query(workspace.id, done, [workspace.id, stored, line.now()]);
  return receipts;
}
