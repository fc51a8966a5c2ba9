import { type Sql, type Statement, statement } from '../../db/sql.ts';
import { replacedNow } from '../audience/replacing.ts';
import type { Address, Candidate, Person } from './admit.ts';

/** A due delivery, locked, with everything that decides about it. */
export interface Found extends Candidate {
  readonly workspace: string;
  readonly programId: number;
  readonly programVersion: number;
  readonly destinationId: number;
  /** Whom it was planned for; after a merge the person has another id. */
  readonly plannedFor: string;
  readonly segment: string;
  readonly change: 'ENTERED' | 'LEFT';
  readonly audience: string | null;
  readonly changedAt: Date;
  /** Of the event that made the customer enter or leave, where it was one. */
  readonly eventId: string | null;
  readonly attempts: number;
  /** What the partner was told of them when they were put in. */
  readonly remembered: Readonly<Record<string, readonly string[]>> | null;
  /** Whether its call is to be written down. */
  readonly watched: boolean;
}

interface Row extends Omit<Found, 'person' | 'member' | 'ahead'> {
  readonly present: boolean;
  readonly personId: string | null;
  readonly consents: Person['consents'];
  readonly traits: Person['traits'];
  readonly addresses: readonly Address[] | null;
  readonly aheadDueAt: Date | null;
  readonly aheadStatus: 'PENDING' | 'SENDING';
  readonly wanted: boolean | null;
  readonly held: boolean;
}

/**
 * The customer's row is locked while it is read in its newest version, so a withdrawal that committed before always wins. A row
 * that is being changed right now is passed over instead of waited for: a claim never waits while it holds locks, so it
 * can neither deadlock with the line nor slow it down. `ahead` looks at all identities of the customer, for deliveries that
 * were planned while they were still several. Changes of two audiences do not wait for each other: one may wait for weeks.
 */
const dueNow = (lock: 'share' | 'no key update'): string => `with due as materialized (
    select d.* from delivery d
    where d.workspace_id = $1 and d.destination_id = $2 and d.status in ('PENDING', 'SENDING') and d.due_at <= $3
      and exists (select from destination t where t.workspace_id = $1 and t.id = $2 and t.paused_at is null)
      and ($6::text is null or (d.audience = $6 and d.operation = $7))
    order by d.due_at, d.ordinal limit $4
    for update of d skip locked
  )
  select ${columns}
  from due join destination t on t.workspace_id = $1 and t.id = due.destination_id
  left join lateral (
    select c.id, c.consents, c.traits from identity i join customer c on c.workspace_id = $1 and c.id = i.customer_id
    where i.workspace_id = $1 and i.id = due.customer_id
    for ${lock} of c skip locked
  ) person on true ${surroundings} order by due.ordinal`;

const columns = `due.id, w.key as workspace, due.program_id as "programId", due.program_version as "programVersion",
  due.destination_id as "destinationId", due.customer_id as "plannedFor", s.key as segment, due.change, due.operation, due.audience,
  due.changed_at as "changedAt", due.cause ->> 'eventId' as "eventId",
  due.attempts, due.attempts - due.attempts_before as spent, coalesce(t.debug_until > $3, false) as watched,
  person.id as "personId", person.consents, person.traits, reach.addresses, ahead.due_at as "aheadDueAt", ahead.status as "aheadStatus",
  m.wanted, m.held, m.identifiers as remembered,
  person.id is not null or exists (
    select from identity i join customer c on c.workspace_id = $1 and c.id = i.customer_id
    where i.workspace_id = $1 and i.id = due.customer_id
  ) as present`;

const surroundings = `left join lateral (
    select jsonb_agg(jsonb_build_object('id', i.id, 'namespace', i.namespace, 'value', i.value, 'suppressed', sup.reason)
      order by i.created_at desc, i.id) as addresses
    from identity i
    left join suppressed_address sup on sup.workspace_id = $1 and sup.channel = $5 and sup.identity_id = i.id
    where i.workspace_id = $1 and i.customer_id = person.id
  ) reach on true
  left join lateral (
    select first.due_at, first.status from (
      select i.id from identity i where i.workspace_id = $1 and i.customer_id = person.id union all select due.customer_id
    ) own cross join lateral (
      select e.due_at, e.status, e.ordinal from delivery e
      where e.workspace_id = $1 and e.destination_id = due.destination_id and e.customer_id = own.id
        and e.audience is not distinct from due.audience and e.status in ('PENDING', 'SENDING') and e.ordinal < due.ordinal
      order by e.ordinal limit 1
    ) first
    order by first.ordinal limit 1
  ) ahead on true
  join workspace w on w.id = $1
  left join segment s on s.workspace_id = $1 and s.id = due.segment_id
  left join audience_member m on m.workspace_id = $1 and m.destination_id = due.destination_id and m.audience = due.audience
    and m.customer_id = due.customer_id`;

const shared = statement('delivery.due', dueNow('share'));
// Where messages are counted, two destinations must not both count one customer at the same moment.
const exclusive = statement('delivery.due-counted', dueNow('no key update'));
const byId = statement(
  'delivery.candidate',
  `with due as (select * from delivery where workspace_id = $1 and id = $2)
  select ${columns} from due join destination t on t.workspace_id = $1 and t.id = due.destination_id
  left join lateral (
    select c.id, c.consents, c.traits from identity i join customer c on c.workspace_id = $1 and c.id = i.customer_id
    where i.workspace_id = $1 and i.id = due.customer_id
  ) person on true ${surroundings} where $4::int is null`,
);

export interface DueRequest {
  readonly workspaceId: number;
  readonly destinationId: number;
  readonly channel: string;
  readonly limit: number;
  readonly now: Date;
  /** Only these; `undefined` where a call may carry anything. */
  readonly group: Group | undefined;
  readonly counted: boolean;
}

export interface Group {
  readonly audience: string;
  readonly operation: 'ADD' | 'REMOVE';
}

export async function findDue(sql: Sql, request: DueRequest): Promise<Found[]> {
  const { workspaceId, destinationId, now, limit, channel, group, counted } = request;
  const query: Statement = counted ? exclusive : shared;
  const values = [workspaceId, destinationId, now, limit, channel, group?.audience ?? null, group?.operation ?? null];
  return (await sql<Row>(query, values)).map(foundIn);
}

/** One delivery as a claim would find it now, locking nothing. */
export async function findCandidate(
  sql: Sql,
  workspaceId: number,
  { id, channel, now }: { readonly id: string; readonly channel: string; readonly now: Date },
): Promise<Found | undefined> {
  const [row] = await sql<Row>(byId, [workspaceId, id, now, null, channel]);
  return row && foundIn(row);
}

function foundIn(row: Row): Found {
  const { personId, present, consents, traits, addresses, aheadDueAt, aheadStatus, wanted, held, ...rest } = row;
  return {
    ...rest,
    person: personId === null ? (present ? 'busy' : 'gone') : { id: personId, consents, traits, addresses: addresses ?? [] },
    ahead: aheadDueAt === null ? undefined : { dueAt: aheadDueAt, status: aheadStatus },
    member: rest.audience === null ? undefined : { wanted: wanted ?? false, held: held ?? false },
  };
}

const nextGroup = statement(
  'delivery.next-group',
  `select audience, operation from delivery
  where workspace_id = $1 and destination_id = $2 and status in ('PENDING', 'SENDING') and due_at <= $3 and audience is not null
    and audience <> all(${replacedNow('$2', '$3')})
  order by due_at, ordinal limit 1`,
);

/** One call changes one audience in one way: the way of whoever has waited longest. An audience that is being replaced is left alone. */
export async function findGroup(
  sql: Sql,
  { workspaceId, destinationId, now }: Pick<DueRequest, 'workspaceId' | 'destinationId' | 'now'>,
): Promise<Group | undefined> {
  const [group] = await sql<Group>(nextGroup, [workspaceId, destinationId, now]);
  return group;
}
