import type { Database } from '../db/database.ts';
import { codeOf } from '../db/sql-state.ts';
import { RuleTooSlow } from '../errors.ts';
import { Turnstile } from '../turnstile.ts';

/** A caller's rule may ask for more than a request can wait for. */
const longestSeconds = 15;
const cancelled = '57014';

const turnstiles = new WeakMap<Database, Turnstile>();

/**
 * Runs a statement made from a caller's rule. Two at a time: how long one takes is up to its caller, and the line, the clock
 * and the deliveries take their connections from the same pool. Throws `RulesBusy` and `RuleTooSlow`.
 */
export async function readByRule<TRow>(
  database: Database,
  workspaceId: number,
  { text, values }: { text: string; values: readonly unknown[] },
): Promise<TRow[]> {
  const turnstile = turnstiles.get(database) ?? new Turnstile({ places: 2, patienceMs: 5_000 });
  turnstiles.set(database, turnstile);
  try {
    return await turnstile.pass(() =>
      database.transaction(workspaceId, async (sql) => {
        sql.send(`set local statement_timeout = '${longestSeconds}s'`);
        return sql<TRow>(text, values);
      }),
    );
  } catch (error) {
    throw codeOf(error) === cancelled ? new RuleTooSlow(longestSeconds) : error;
  }
}
