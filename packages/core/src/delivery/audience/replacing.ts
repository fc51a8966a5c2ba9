import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../db/database.ts';
import { statement } from '../../db/sql.ts';
import { AudienceNotReplaced } from '../../errors.ts';
import { wakeChannel } from '../wake.ts';
import { type Audience, audienceOf } from './audience.ts';

export interface ReplacingRequest {
  readonly workspaceId: number;
  readonly destination: string;
  /** Of the program that keeps it: equal messages are one audience. */
  readonly message: unknown;
  readonly now: () => Date;
}

/** Throws where somebody else has begun to replace the audience. */
export type StillOurs = () => Promise<void>;

/** Holds no claim of this destination back until it ends. Whoever begins to replace an audience waits for the claims that had it, and those behind see that. */
export const lookedAt = statement(
  'delivery.audience-looked-at',
  'select from destination where workspace_id = $1 and id = $2 for key share',
);

/** SQL: the audiences of a destination that are being replaced at this moment. Compare by `<> all`: it holds for messages, too, and leaves an index its order. */
export const replacedNow = (destination: string, now: string): string => `array(
    select r.audience from audience_replacement r where r.workspace_id = $1 and r.destination_id = ${destination} and r.until > ${now}
  )`;

const begin = statement(
  'delivery.begin-replacing',
  `insert into audience_replacement as r (workspace_id, destination_id, audience, by, until)
  select $1, t.id, ${audienceOf('$3::jsonb')}, $4, $6 from destination t where t.workspace_id = $1 and t.key = $2
  for update of t
  on conflict (workspace_id, destination_id, audience) do update set by = excluded.by, until = excluded.until where r.until <= $5
  returning destination_id as "destinationId", audience`,
);
const goOn = statement(
  'delivery.go-on-replacing',
  'update audience_replacement set until = $3 where workspace_id = $1 and by = $2 returning by',
);
const end = statement(
  'delivery.end-replacing',
  `with ended as (delete from audience_replacement where workspace_id = $1 and by = $2 returning by)
  select pg_notify('${wakeChannel}', $1::int::text) from ended`,
);
const underWay = statement(
  'delivery.changing-audience',
  `select id from delivery
  where workspace_id = $1 and destination_id = $2 and audience = $3 and status = 'SENDING' and due_at > $4 limit 1`,
);

/** A process that dies in the middle keeps the changes of the audience back for so long. */
const leaseMs = 120_000;
const renewMs = 20_000;
const lookMs = 100;

/**
 * Has an audience alone while it is replaced: changes of it that are under way end first, and none begins before this ends. One that
 * the partner took in between would be undone by the replacement, which may have read its people before.
 */
export async function replacing<TResult>(
  database: Database,
  { workspaceId, destination, message, now }: ReplacingRequest,
  work: (audience: Audience, stillOurs: StillOurs) => Promise<TResult>,
): Promise<TResult> {
  const by = randomUUID();
  const lease = (): Date => new Date(now().getTime() + leaseMs);
  const values = [workspaceId, destination, JSON.stringify(message), by, now(), lease()];
  const [audience] = await database.query<Audience>(workspaceId, begin, values);
  if (audience === undefined) throw new AudienceNotReplaced('it is being replaced already');
  const stillOurs = async (): Promise<void> => {
    const [renewed] = await database.query(workspaceId, goOn, [workspaceId, by, lease()]);
    if (renewed === undefined) throw new Error('another replacement has begun since');
  };
  // A look that fails is no reason to give up yet: the next page of people asks again and says so.
  const renewal = setInterval(() => void stillOurs().catch(() => {}), renewMs);
  try {
    const place = [workspaceId, audience.destinationId, audience.audience];
    while ((await database.query(workspaceId, underWay, [...place, now()])).length > 0) await pause(lookMs);
    return await work(audience, stillOurs);
  } finally {
    clearInterval(renewal);
    await database.query(workspaceId, end, [workspaceId, by]);
  }
}
