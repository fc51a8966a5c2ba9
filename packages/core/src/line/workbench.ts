import type { Workspace } from '../access/workspace.ts';
import type { Registry } from '../registry/registry.ts';
import type { RuleSet } from '../rule/ruleset.ts';

/** What a batch works with: the same for all its events. */
export interface Workbench {
  readonly workspace: Workspace;
  readonly registry: Registry;
  readonly rules: RuleSet;
  readonly now: Date;
  /** Links known to be live. A link is never deleted; taking one back empties this. */
  readonly liveLinks: ReadonlySet<string>;
  /** Notes that a stage has ended, for the report of where time goes. */
  readonly lap: (stage: string) => void;
}
