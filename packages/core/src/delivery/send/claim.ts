import type { Destination } from '@enishi/plugin-sdk';
import { jsonbs, texts, times, uuids } from '../../db/arrays.ts';
import type { Database } from '../../db/database.ts';
import { type Sql, statement, type Transaction } from '../../db/sql.ts';
import { type Address, type Admission, addressesOf, admit } from '../admission/admit.ts';
import { type Found, findDue, findGroup } from '../admission/candidates.ts';
import { longestCap } from '../admission/policy.ts';
import { contactsOf, policiesOf } from '../admission/policy-store.ts';
import { lookedAt } from '../audience/replacing.ts';
import type { StoredTraits } from '../trait-values.ts';
import { eachById, plannedAnew } from './by-id.ts';
import { allowance, type Taken, withCalls } from './pace.ts';
import { callNext } from './turn.ts';

/** One delivery taken for sending: nobody else will take it before the lease is over. */
export interface Claimed {
  readonly id: string;
  readonly workspace: string;
  readonly programId: number;
  readonly programVersion: number;
  readonly customerId: string;
  readonly segment: string;
  readonly change: 'ENTERED' | 'LEFT';
  readonly operation: 'ADD' | 'REMOVE' | null;
  readonly changedAt: Date;
  readonly eventId: string | null;
  /** Counts from 1 over the delivery's whole life; `budget` only since its last replay. */
  readonly attempt: number;
  readonly budget: number;
  readonly identifiers: Readonly<Record<string, readonly string[]>>;
  readonly traits: StoredTraits;
  /** The identity a message goes to, as far as the host can know. */
  readonly addressId: string | undefined;
  readonly watched: boolean;
}

export interface ClaimRequest {
  readonly workspaceId: number;
  readonly destinationId: number;
  readonly destination: Destination;
  /** How many calls may begin. */
  readonly calls: number;
  readonly maxAttempts: number;
  readonly now: Date;
  /** When the claimed deliveries come back by themselves if this process dies. */
  readonly leaseUntil: Date;
}

export interface Claim {
  readonly claimed: readonly Claimed[];
  /** There may be more due. */
  readonly more: boolean;
  /** Something that could not go now may at this time. */
  readonly lookAgainAt: Date | undefined;
  /** The destination's limits are used up until then. */
  readonly restUntil: Date | undefined;
}

const nothing: Claim = { claimed: [], more: false, lookAgainAt: undefined, restUntil: undefined };

/**
 * Takes what may be sent now, in one transaction: the limits, the customers as they are at this moment, the decision about each
 * delivery and what follows are one step that nobody comes between.
 */
export const claimDeliveries = (database: Database, request: ClaimRequest): Promise<Claim> =>
  database.transaction(request.workspaceId, (sql) => claim(sql, request), plannedAnew);

async function claim(sql: Transaction, request: ClaimRequest): Promise<Claim> {
  const { workspaceId, destinationId, destination, now } = request;
  const taken = await lockPace(sql, request);
  const { calls: allowed, again } = allowance(destination.limits, taken, now);
  if (allowed === 0) return { ...nothing, restUntil: again };
  // Held until this claim is committed: until then nobody begins to replace an audience.
  if (destination.kind === 'audience') sql.send(lookedAt, [workspaceId, destinationId]);
  const group = destination.kind === 'audience' ? await findGroup(sql, { workspaceId, destinationId, now }) : undefined;
  if (destination.kind === 'audience' && group === undefined) return nothing;
  const calls = destination.kind === 'audience' ? 1 : Math.min(request.calls, allowed);
  const limit = calls * destination.batchSize;
  const policies = destination.kind === 'audience' ? [] : await policiesOf(sql, workspaceId);
  const longest = longestCap(policies, destination.channel);
  const scope = { workspaceId, destinationId, channel: destination.channel, now };
  const found = await findDue(sql, { ...scope, limit, group, counted: longest > 0 });
  const customerIds = found.flatMap(({ person }) => (typeof person === 'string' ? [] : [person.id]));
  const since = new Date(now.getTime() - longest);
  // Asked only after the rows are locked: what another process has claimed meanwhile is counted.
  const contacts = longest > 0 ? await contactsOf(sql, workspaceId, { customerIds, since }) : new Map();
  const decided = found.map((one) => {
    const of = typeof one.person === 'string' ? [] : (contacts.get(one.person.id) ?? []);
    const address = addressList(destination);
    const circumstances = { destination: { ...destination, address }, policies, contacts: of, maxAttempts: request.maxAttempts, now };
    return { one, admission: admit(one, circumstances) };
  });
  const going = decided.filter(({ admission }) => admission.kind === 'go').map(({ one }) => one);
  await store(sql, request, decided);
  if (destination.limits.length > 0 && going.length > 0)
    keepPace(sql, request, withCalls(destination.limits, taken, { calls: Math.ceil(going.length / destination.batchSize), now }));
  const freed = await callNext(sql, workspaceId, { now, ended: endedIn(decided) });
  return {
    claimed: going.map((one) => claimedFrom(one, destination)),
    more: found.length === limit || freed > 0 || (group !== undefined && found.length > 0),
    lookAgainAt: soonest(decided),
    restUntil: undefined,
  };
}

export const addressList = ({ address }: Pick<Destination, 'address'>): readonly string[] =>
  typeof address === 'string' ? [address] : address;

interface Decided {
  readonly one: Found;
  readonly admission: Admission;
}

const lockRow = statement(
  'delivery.lock-pace',
  `insert into destination_pace (workspace_id, destination_id) values ($1, $2)
  on conflict (workspace_id, destination_id) do update set taken = destination_pace.taken returning taken`,
);

/** Only a destination with limits has a row that its claims wait for each other at. */
async function lockPace(sql: Sql, { workspaceId, destinationId, destination }: ClaimRequest): Promise<readonly Taken[]> {
  if (destination.limits.length === 0) return [];
  const [row] = await sql<{ taken: Taken[] }>(lockRow, [workspaceId, destinationId]);
  return row?.taken ?? [];
}

const keep = statement('delivery.keep-pace', 'update destination_pace set taken = $3 where workspace_id = $1 and destination_id = $2');

const keepPace = (sql: Transaction, { workspaceId, destinationId }: ClaimRequest, taken: readonly Taken[]): void =>
  sql.send(keep, [workspaceId, destinationId, JSON.stringify(taken)]);

const write = statement(
  'delivery.decide',
  `with decided as (
    select * from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $8::jsonb[])
      as n(id, status, due_at, obstacle, reason, identifiers)
  ), updated as (
    update delivery d set status = n.status, due_at = coalesce(n.due_at, d.due_at), obstacle = n.obstacle, reason = n.reason, updated_at = $7,
      attempts = d.attempts + (n.status = 'SENDING')::int, sent_at = case when n.status = 'SENDING' then $7 else d.sent_at end
    from decided n ${eachById} where d.ctid = place.ctid
    returning d.destination_id, d.audience, d.customer_id, d.operation, n.status, n.identifiers
  ), forgotten as (
    delete from audience_member m using updated u
    where u.operation = 'REMOVE' and u.status = 'SUPPRESSED' and not m.wanted and m.workspace_id = $1 and m.destination_id = u.destination_id
      and m.audience = u.audience and m.customer_id = u.customer_id
  )
  update audience_member m set held = true, identifiers = u.identifiers
  from updated u
  where u.operation = 'ADD' and u.status = 'SENDING' and m.workspace_id = $1 and m.destination_id = u.destination_id
    and m.audience = u.audience and m.customer_id = u.customer_id`,
);

async function store(
  sql: Transaction,
  { workspaceId, now, leaseUntil, destination }: ClaimRequest,
  decided: readonly Decided[],
): Promise<void> {
  if (decided.length === 0) return;
  const rows = decided.map(({ one, admission }) =>
    rowOf(admission, leaseUntil, one.operation === 'ADD' ? identifiersOf(one, destination) : null),
  );
  await sql(write, [
    workspaceId,
    uuids(decided.map(({ one }) => one.id)),
    texts(rows.map(({ status }) => status)),
    times(rows.map(({ dueAt }) => dueAt)),
    texts(rows.map(({ obstacle }) => obstacle)),
    texts(rows.map(({ reason }) => reason)),
    now,
    jsonbs(rows.map(({ identifiers }) => identifiers && JSON.stringify(identifiers))),
  ]);
}

function rowOf(admission: Admission, leaseUntil: Date, identifiers: Found['remembered']) {
  switch (admission.kind) {
    case 'go':
      return { status: 'SENDING', dueAt: leaseUntil, obstacle: null, reason: null, identifiers };
    case 'wait':
      return { status: 'PENDING', dueAt: admission.until, obstacle: admission.obstacle, reason: admission.reason, identifiers: null };
    case 'refuse':
      return { status: admission.status, dueAt: null, obstacle: admission.obstacle, reason: admission.reason, identifiers: null };
  }
}

const endedIn = (decided: readonly Decided[]): string[] =>
  decided.flatMap(({ one, admission }) => (admission.kind === 'refuse' ? [one.id] : []));

function soonest(decided: readonly Decided[]): Date | undefined {
  const waits = decided.flatMap(({ admission }) => (admission.kind === 'wait' ? [admission.until.getTime()] : []));
  return waits.length > 0 ? new Date(Math.min(...waits)) : undefined;
}

function claimedFrom(one: Found, destination: Destination): Claimed {
  const { person, plannedFor, attempts, spent } = one;
  const known = typeof person === 'string' ? undefined : person;
  return {
    ...one,
    customerId: known?.id ?? plannedFor,
    attempt: attempts + 1,
    budget: spent + 1,
    identifiers: identifiersOf(one, destination),
    traits: known?.traits ?? {},
    addressId: destination.kind === 'message' ? usable(one, destination)[0]?.id : undefined,
  };
}

function usable({ person }: Found, destination: Destination): Address[] {
  return typeof person === 'string' ? [] : addressesOf(person, addressList(destination)).filter(({ suppressed }) => suppressed === null);
}

/** A message never learns of an address it must not use; whoever is taken out of an audience is named as when they were put in. */
function identifiersOf({ person, operation, remembered }: Found, destination: Destination): Readonly<Record<string, readonly string[]>> {
  if (operation === 'REMOVE' && remembered !== null) return remembered;
  if (typeof person === 'string') return {};
  const shown = person.addresses.filter(({ suppressed }) => destination.kind === 'audience' || suppressed === null);
  const byNamespace = Map.groupBy(shown, ({ namespace }) => namespace);
  return Object.fromEntries([...byNamespace].map(([namespace, found]) => [namespace, found.map(({ value }) => value)]));
}
