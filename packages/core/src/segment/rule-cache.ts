import type { Rule } from '@enishi/plugin-sdk';
import { type Sql, statement } from '../db/sql.ts';
import type { TraitDefinition } from '../rule/computed.ts';
import { compileRuleSet, type RuleSet } from '../rule/ruleset.ts';

const version = statement('rules_version', 'select rules_version from change_counter where workspace_id = $1');
const definitions = statement(
  'rules_load',
  `select id, key, rule, since from segment where workspace_id = $1 and status <> 'ARCHIVED' order by id`,
);

const computed = statement(
  'computed_load',
  `select name, computation, since from computed_trait where workspace_id = $1 and status <> 'WITHDRAWN' order by name`,
);

/** The computed traits that are kept live. */
export const loadComputed = (sql: Sql, workspaceId: number): Promise<TraitDefinition[]> => sql<TraitDefinition>(computed, [workspaceId]);

/** The compiled rules of each workspace, kept until their version moves on. */
export class RuleCache {
  readonly #sets = new Map<number, RuleSet>();

  /** Reads the version inside the batch's own transaction, so that no batch works by rules replaced before it began. */
  async get(sql: Sql, workspaceId: number): Promise<RuleSet> {
    const [row] = await sql<{ rules_version: number }>(version, [workspaceId]);
    const current = row?.rules_version ?? 0;
    const held = this.#sets.get(workspaceId);
    if (held?.version === current) return held;
    const [rows, traits] = await Promise.all([
      sql<{ id: number; key: string; rule: Rule; since: number }>(definitions, [workspaceId]),
      loadComputed(sql, workspaceId),
    ]);
    const fresh = compileRuleSet(current, rows, traits);
    this.#sets.set(workspaceId, fresh);
    return fresh;
  }
}
