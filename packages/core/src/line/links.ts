import type { Workspace } from '../access/workspace.ts';
import { newCustomer } from '../customer/customer.ts';
import { rederive } from '../customer/rederive.ts';
import { readCustomers, storeCustomers } from '../customer/store.ts';
import type { Database } from '../db/database.ts';
import { statement, type Transaction } from '../db/sql.ts';
import { followAudiences } from '../delivery/audience/follow.ts';
import { InvalidIdentifier, LinkNotFound } from '../errors.ts';
import { components } from '../identity/component.ts';
import { deriveId, normaliseIdentifier } from '../identity/identity.ts';
import { assignIdentities } from '../identity/store.ts';
import { linkKey } from '../identity/tie.ts';
import { storeTransitions } from '../segment/membership.ts';
import { storeTimers } from '../segment/timer.ts';
import { announce, changeOf } from './announce.ts';
import { ask } from './ask.ts';
import type { Line } from './line.ts';

/** A tie between two identities as it is kept. */
export interface LinkRecord {
  readonly id: string;
  readonly a: string;
  readonly b: string;
  readonly rule: string;
  /** `HELD`: a protection limit refused it, an operator decides. */
  readonly status: 'LIVE' | 'HELD' | 'REVOKED';
  readonly evidence: unknown;
  readonly createdAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly reason: string | null;
}

const columns =
  'l.id, l.a, l.b, l.rule, l.status, l.evidence, l.created_at as "createdAt", l.decided_at as "decidedAt", l.decided_by as "decidedBy", l.reason';
const byId = statement('link_by_id', `select ${columns} from link l where l.workspace_id = $1 and l.id = $2`);
const ofCustomer = statement(
  'link_of_customer',
  `with own as (
     select h.id from identity h where h.workspace_id = $1
       and h.customer_id = (select customer_id from identity where workspace_id = $1 and id = $2)
   )
   select ${columns} from link l where l.workspace_id = $1 and (l.a in (select id from own) or l.b in (select id from own))
   order by l.created_at, l.id`,
);

/** Every link of a customer's identities: live, held and revoked. Takes the id of a customer that was absorbed, too. */
export const listLinks = (database: Database, workspaceId: number, customerId: string): Promise<LinkRecord[]> =>
  database.query<LinkRecord>(workspaceId, ofCustomer, [workspaceId, customerId]);

/** The line keeps an event's identities under the event's id; a link asserted by hand stands on an id of its own. */
const asserted = 'asserted';

export interface Assertion {
  readonly a: { readonly namespace: string; readonly value: string };
  readonly b: { readonly namespace: string; readonly value: string };
  /** Who says so. */
  readonly by: string;
  readonly reason: string;
}

const note = statement(
  'link_note',
  'update link set evidence = evidence || $3::jsonb, decided_by = $4 where workspace_id = $1 and id = $2 and decided_by is null',
);

/**
 * Ties two identities on an operator's word. Both are made where they were not known. A link that was asserted before
 * is answered as it stands, also when it was revoked since. Throws `InvalidIdentifier`.
 */
export async function assertLink(line: Line, workspace: Workspace, { a, b, by, reason }: Assertion): Promise<LinkRecord> {
  const [left, right] = [a, b].map((raw) => {
    const identity = normaliseIdentifier(line.registry, workspace, raw);
    if (identity === undefined) throw new InvalidIdentifier(raw.namespace, 'it is malformed, a placeholder, or of no known namespace');
    return identity;
  });
  if (left === undefined || right === undefined) throw new InvalidIdentifier(a.namespace, 'two identities are needed');
  if (left.id === right.id) throw new InvalidIdentifier(a.namespace, 'both are the same');
  const eventId = deriveId(workspace.salt, asserted, linkKey(left.id, right.id, asserted));
  await line.attend(workspace, { sightings: [{ identities: [left, right], eventId, receivedAt: line.now(), rule: asserted }] });
  const id = deriveId(workspace.salt, 'link', linkKey(left.id, right.id, asserted));
  await line.database.query(workspace.id, note, [workspace.id, id, JSON.stringify({ reason }), by]);
  return requireLink(line.database, workspace.id, id);
}

async function requireLink(database: Database, workspaceId: number, id: string): Promise<LinkRecord> {
  const [link] = await database.query<LinkRecord>(workspaceId, byId, [workspaceId, id]);
  if (link === undefined) throw new LinkNotFound(id);
  return link;
}

const revoke = statement(
  'link_revoke',
  `update link set status = 'REVOKED', decided_at = $3, decided_by = $4, reason = $5
   where workspace_id = $1 and id = $2 and status <> 'REVOKED' returning a, b, status`,
);
/** Tells every process to forget whose identities are whose. */
const raiseSplits = statement('splits_raise', 'update change_counter set splits = splits + 1 where workspace_id = $1');
const identitiesOf = statement(
  'identity_of_customer',
  `select h.id, h.created_at as "createdAt", h.customer_id as "customerId" from identity h
   where h.workspace_id = $1 and h.customer_id in (select customer_id from identity where workspace_id = $1 and id = any($2::uuid[]))`,
);
const edgesOf = statement(
  'link_live_among',
  `select a, b, created_at as "createdAt" from link where workspace_id = $1 and a = any($2::uuid[]) and status = 'LIVE'`,
);
/**
 * Takes a link back and sets its two identities apart for good. The customer falls into the parts its other links hold
 * together; every event, trait, consent and membership is where its own evidence says, as if the link had never been.
 * Answers the ids of the customers there are now. Throws `LinkNotFound`.
 */
export async function revokeLink(
  line: Line,
  workspace: Workspace,
  { link: id, by, reason }: { link: string; by: string; reason: string },
): Promise<{ customers: string[] }> {
  return line.alone(workspace, async (sql) => {
    const [link] = await sql<{ a: string; b: string }>(revoke, [workspace.id, id, line.now(), by, reason]);
    if (link === undefined) throw new LinkNotFound(id);
    sql.send(raiseSplits, [workspace.id]);
    return { customers: await fallApart(sql, line, { workspace, link }) };
  });
}

async function fallApart(
  sql: Transaction,
  line: Line,
  { workspace, link }: { workspace: Workspace; link: { a: string; b: string } },
): Promise<string[]> {
  const bench = await line.workbench(sql, workspace);
  const nodes = await sql<{ id: string; createdAt: Date; customerId: string }>(identitiesOf, [workspace.id, [link.a, link.b]]);
  const edges = await sql<{ a: string; b: string; createdAt: Date }>(edgesOf, [workspace.id, nodes.map((node) => node.id)]);
  const parts = components(nodes, edges);
  const before = [...new Set(nodes.map(({ customerId }) => customerId))].sort();
  const locked = await readCustomers(sql, workspace.id, { ids: before, locked: true });
  const customers = new Map(locked.map((customer) => [customer.id, customer]));
  const moved = parts.flatMap(({ id, members }) => members.map((member) => ({ id: member.id, customerId: id })));
  assignIdentities(sql, workspace.id, moved);

  const held = [...customers.values()].flatMap(({ apart }) => apart);
  const pairs = [...held, [link.a, link.b], [link.b, link.a]] as const;
  const after = parts.map((part) => {
    const customer = customers.get(part.id) ?? newCustomer(part.id, part.createdAt);
    const members = new Set(part.members.map((member) => member.id));
    // Also pairs that other links still hold together: they must stay apart once those are gone.
    customer.apart = pairs.flatMap(([own, other]) =>
      own !== undefined && other !== undefined && members.has(own) ? [[own, other] as const] : [],
    );
    return customer;
  });
  await rederive(sql, { workspaceId: workspace.id, registry: line.registry, rules: bench.rules }, after);
  const cause = { kind: 'UNLINK' } as const;
  const { everything: asked } = bench.rules;
  const transitions = await ask(
    sql,
    bench,
    after.map((customer) => ({ customer, asked, causeOf: () => cause, wholly: true })),
  );
  storeCustomers(sql, workspace.id, { customers: after, rules: bench.rules });
  await storeTransitions(sql, workspace.id, transitions);
  storeTimers(sql, workspace.id, after);
  const concerned = [...new Set([...before, ...parts.map(({ id }) => id)])];
  // Out with what is no longer theirs, then in again with what is.
  for (let turn = 0; turn < 2; turn += 1) await followAudiences(sql, workspace.id, { customerIds: concerned, now: bench.now });
  const back = parts.map(({ id }) => id).filter((id) => !customers.has(id));
  const split = back.length === 0 ? [] : [{ kind: 'SPLIT' as const, customerId: before[0] ?? link.a, customerIds: back }];
  announce(sql, workspace.id, {
    changes: [...split, ...transitions.map(changeOf), { kind: 'CUSTOMERS', customerIds: parts.map(({ id }) => id) }],
    at: bench.now,
  });
  return parts.map(({ id }) => id);
}
