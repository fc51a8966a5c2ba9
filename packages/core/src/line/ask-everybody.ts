import type { Workspace } from '../access/workspace.ts';
import { nilId } from '../db/nil-id.ts';
import { statement } from '../db/sql.ts';
import type { Line } from './line.ts';

const page = statement('customer_page', 'select id from customer where workspace_id = $1 and id > $2 order by id limit $3');
const pageSize = 1000;

/** Asks everybody again after a change of rules, in order of id. Customers that come meanwhile were asked by the new rules when they came. */
export async function askEverybody(line: Line, workspace: Workspace): Promise<void> {
  for (let after = nilId; ; ) {
    const rows = await line.database.query<{ id: string }>(workspace.id, page, [workspace.id, after, pageSize]);
    await line.attend(workspace, { reassess: rows.map(({ id }) => ({ customerId: id, cause: { kind: 'RULE' } })) });
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    after = last.id;
  }
}
