import type { Destination } from '@enishi/plugin-sdk';
import { ints, uuids } from '../../db/arrays.ts';
import type { Database } from '../../db/database.ts';
import { statement } from '../../db/sql.ts';
import { plannedAnew } from './by-id.ts';
import type { Claimed } from './claim.ts';

const agreed = statement(
  'delivery.still-agreed',
  `select c.id from customer c
  where c.workspace_id = $1 and c.id = any($2) and consent_refusal(c.consents, $3, $4) is null
  for share skip locked`,
);

const release = statement(
  'delivery.release',
  `update delivery d set status = 'PENDING', due_at = $4, obstacle = 'CUSTOMER_BUSY', attempts = d.attempts - 1
  from unnest($2::uuid[], $3::int[]) as n(id, attempt)
  where d.workspace_id = $1 and d.id = n.id and d.status = 'SENDING' and d.attempts = n.attempt`,
);

export interface StartRequest {
  readonly workspaceId: number;
  readonly destination: Destination;
  readonly claimed: readonly Claimed[];
  /** When those that may not start are looked at again. */
  readonly lookAgainAt: Date;
}

/**
 * Begins calls so that none begins after a withdrawal has committed. A claim's check is made before its own commit, and a
 * withdrawal may commit right behind it; so the customers are locked and asked once more, `begin` is called while the locks
 * are held, and a withdrawal can only commit when they are let go. "Sent" is the instant the destination is called: what it
 * was called with before the withdrawal committed was sent before it. Taking somebody out of an audience needs no consent.
 * Answers how many could not start.
 */
export async function startCalls(database: Database, request: StartRequest, begin: (claimed: readonly Claimed[]) => void): Promise<number> {
  const { workspaceId, destination, claimed, lookAgainAt } = request;
  if (claimed.length === 0) return 0;
  return database.transaction(
    workspaceId,
    async (sql) => {
      const asked = claimed.filter(({ operation }) => operation !== 'REMOVE').map(({ customerId }) => customerId);
      const rows =
        asked.length === 0 ? [] : await sql<{ id: string }>(agreed, [workspaceId, asked, destination.purpose, destination.channel]);
      const agreeing = new Set(rows.map(({ id }) => id));
      const [may, mayNot] = [true, false].map((wanted) =>
        claimed.filter(({ operation, customerId }) => (operation === 'REMOVE' || agreeing.has(customerId)) === wanted),
      ) as [Claimed[], Claimed[]];
      if (mayNot.length > 0)
        sql.send(release, [workspaceId, uuids(mayNot.map(({ id }) => id)), ints(mayNot.map(({ attempt }) => attempt)), lookAgainAt]);
      begin(may);
      return mayNot.length;
    },
    plannedAnew,
  );
}
