import { statement } from '../db/sql.ts';

/** Tells every process that a workspace's rules have changed. Answers their new version. */
export const raiseRules = statement(
  'rules_raise',
  'update change_counter set rules_version = rules_version + 1 where workspace_id = $1 returning rules_version',
);
