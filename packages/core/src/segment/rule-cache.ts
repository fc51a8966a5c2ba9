import type { Rule } from '@enishi/plugin-sdk';
import { type Sql, statement } from '../db/sql.ts';
import type { TraitDefinition } from '../rule/computed.ts';
import { compileRuleSet, type RuleSet } from '../rule/ruleset.ts';

const standing = statement('standing', 'select rules_version, splits from change_counter where workspace_id = $1');
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

/** Where a workspace stands when a batch begins. */
export interface Standing {
  readonly rules: RuleSet;
  /** How often a link has been taken back. Whoever remembers from before then may remember an identity under somebody else. */
  readonly splits: number;
}

/** The compiled rules of each workspace, kept until their version moves on. */
export class RuleCache {
  readonly #sets = new Map<number, RuleSet>();

  /** Reads where it stands inside the batch's own transaction, so that no batch works by rules or links replaced before it began. */
  async get(sql: Sql, workspaceId: number): Promise<Standing> {
    const [row] = await sql<{ rules_version: number; splits: number }>(standing, [workspaceId]);
    const { rules_version: current, splits } = row ?? { rules_version: 0, splits: 0 };
    const held = this.#sets.get(workspaceId);
    if (held?.version === current) return { rules: held, splits };
    const [rows, traits] = await Promise.all([
      sql<{ id: number; key: string; rule: Rule; since: number }>(definitions, [workspaceId]),
      loadComputed(sql, workspaceId),
    ]);
    const fresh = compileRuleSet(current, rows, traits);
    this.#sets.set(workspaceId, fresh);
    return { rules: fresh, splits };
  }
}
