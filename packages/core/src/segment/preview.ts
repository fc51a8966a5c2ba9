import type { Database } from '../db/database.ts';
import { compileRule, sqlParameters } from '../rule/compile.ts';

import { parseRule } from '../rule/validate.ts';
import { readByRule } from './read-by-rule.ts';

export interface Preview {
  readonly count: number;
  /** Some of the customers, by id. */
  readonly sample: readonly string[];
}

/** How many customers a rule matches now, without making a segment of it. */
export async function previewRule(
  database: Database,
  workspaceId: number,
  { rule, sample = 10, now = new Date() }: { rule: unknown; sample?: number; now?: Date },
): Promise<Preview> {
  const to = sqlParameters(workspaceId, now);
  const condition = compileRule(parseRule(rule), to);
  const matching = `select c.id from customer c where c.workspace_id = ${to.workspace} and ${to.now}::timestamptz is not null and (${condition})`;
  const text = `with matching as materialized (${matching})
    select (select count(*) from matching) as count, array(select id from matching order by id limit ${to.bind(sample)}) as sample`;
  const [row] = await readByRule<Preview>(database, workspaceId, { text, values: to.values });
  return { count: row?.count ?? 0, sample: row?.sample ?? [] };
}
