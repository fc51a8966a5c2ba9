import type { Workspace } from '../access/workspace.ts';
import type { CustomerCache } from '../customer/cache.ts';
import type { Registry } from '../registry/registry.ts';
import type { RuleSet } from '../rule/ruleset.ts';
import type { Standing } from '../segment/rule-cache.ts';

/** What a batch works with: the same for all its events. */
export interface Workbench {
  readonly workspace: Workspace;
  readonly registry: Registry;
  readonly rules: RuleSet;
  readonly now: Date;
  /** What this process remembers of customers. None when a batch starts over: then rows are read and locked. */
  readonly cache: CustomerCache | undefined;
  /** Look whether events were stored before, because it is likely. */
  readonly carefully: boolean;
  /** Links known to be live. A link is never deleted; taking one back empties this. */
  readonly liveLinks: ReadonlySet<string>;
  /** Notes that a stage has ended, for the report of where time goes. */
  readonly lap: (stage: string) => void;
}

/** The same before it is known where the workspace stands. */
export type Opening = Omit<Workbench, 'rules'> & {
  readonly standing: Promise<Standing>;
  /** Empties `cache` and `liveLinks` where they are from before a link was taken back. To be called before either is looked at. */
  readonly heed: (splits: number) => void;
};
