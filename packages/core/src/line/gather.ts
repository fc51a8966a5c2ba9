import { type CustomerState, newCustomer } from '../customer/customer.ts';
import { lockCustomers, removeCustomers } from '../customer/store.ts';
import type { Sql } from '../db/sql.ts';
import { deriveId } from '../identity/identity.ts';
import { createIdentities, createLinks, findCustomers, findLinkStatus, moveIdentities } from '../identity/store.ts';
import { linkKey, type Sighting, type Ties, tie } from '../identity/tie.ts';
import type { Transition } from '../segment/transition.ts';
import type { Workbench } from './workbench.ts';

/** Everybody a batch is about: locked, tied together as the batch's evidence says, and stored so. */
export interface Gathering {
  readonly customers: Map<string, CustomerState>;
  readonly customerOf: (identityId: string) => string;
  /** Customers whose identities changed with this batch. */
  readonly retied: ReadonlySet<string>;
  readonly merges: readonly { readonly survivor: string; readonly absorbed: readonly string[] }[];
  /** Memberships that ended because their customer was absorbed. */
  readonly ended: readonly Transition[];
  /** Keys of the links stored or found live: they need no look-up again once this batch has committed. */
  readonly liveLinks: readonly string[];
}

export interface Gathered {
  readonly sightings: readonly Sighting[];
  /** Customers to look at without any event of theirs. */
  readonly customerIds: readonly string[];
}

/** Finds, locks, ties and stores the customers of a batch. */
export async function gather(sql: Sql, bench: Workbench, { sightings, customerIds }: Gathered): Promise<Gathering> {
  const { workspace, rules, now } = bench;
  const identityIds = new Set(customerIds);
  for (const { identities } of sightings) for (const { id } of identities) identityIds.add(id);
  const customerOf = await findCustomers(sql, workspace.id, [...identityIds]);
  const customers = await lockCustomers(sql, workspace.id, { ids: [...new Set(customerOf.values())].sort(), rulesVersion: rules.version });
  const apart = [...customers.values()].flatMap((customer) => customer.apart.map(([, other]) => other));
  if (apart.length > 0) for (const [id, owner] of await findCustomers(sql, workspace.id, apart)) customerOf.set(id, owner);
  const candidates = candidateLinks(sightings, bench);
  const links = await knownLinks(sql, bench, candidates);
  const ties = tie(sightings, { customerOf, customers, links, limitOf: (namespace) => bench.registry.namespace(namespace)?.limit ?? 1 });

  const merges: { survivor: string; absorbed: string[] }[] = [];
  const ended: Transition[] = [];
  for (const group of ties.groups) {
    const customer = customers.get(group.id) ?? newCustomer(group.id, group.createdAt);
    customers.set(group.id, customer);
    customer.spaces = { ...group.spaces };
    customer.apart = [...group.apart];
    if (group.absorbed.length === 0) continue;
    customer.stale = true;
    merges.push({ survivor: group.id, absorbed: [...group.absorbed] });
    for (const id of group.absorbed) ended.push(...endMemberships(customers.get(id), now));
    await moveIdentities(sql, workspace.id, { to: group.id, from: group.absorbed });
    await removeCustomers(sql, workspace.id, group.absorbed);
    for (const id of group.absorbed) customers.delete(id);
  }
  await createIdentities(sql, workspace.id, ties);
  await createLinks(
    sql,
    workspace.id,
    ties.links.map((link) => ({ ...link, id: candidates.get(link.key) ?? linkId(bench, link.key) })),
  );
  return {
    customers,
    customerOf: ties.customerOf,
    retied: new Set(ties.groups.map(({ id }) => id)),
    merges,
    ended,
    liveLinks: liveKeys(ties, links),
  };
}

const linkId = ({ workspace }: Workbench, key: string): string => deriveId(workspace.salt, 'link', key);

/** Key → id of the pairs that are not known to be tied for good. */
function candidateLinks(sightings: readonly Sighting[], bench: Workbench): Map<string, string> {
  const candidates = new Map<string, string>();
  for (const { identities, rule } of sightings) {
    const [anchor, ...others] = identities;
    if (anchor === undefined) continue;
    for (const other of others) {
      const key = linkKey(anchor.id, other.id, rule ?? other.namespace);
      if (!bench.liveLinks.has(key) && !candidates.has(key)) candidates.set(key, linkId(bench, key));
    }
  }
  return candidates;
}

/** The pairs known for good, and those the table knows. */
async function knownLinks(sql: Sql, bench: Workbench, candidates: ReadonlyMap<string, string>) {
  const found = candidates.size === 0 ? new Map() : await findLinkStatus(sql, bench.workspace.id, [...candidates.values()]);
  return {
    get: (key: string) => (bench.liveLinks.has(key) ? ('LIVE' as const) : found.get(candidates.get(key) ?? '')),
    found: [...candidates].filter(([, id]) => found.get(id) === 'LIVE').map(([key]) => key),
  };
}

const liveKeys = (ties: Ties, { found }: { found: readonly string[] }): string[] => [
  ...found,
  ...ties.links.filter(({ status }) => status === 'LIVE').map(({ key }) => key),
];

const endMemberships = (customer: CustomerState | undefined, at: Date): Transition[] =>
  (customer?.segments ?? []).map((segmentId) => ({
    segmentId,
    customerId: customer?.id ?? '',
    change: 'LEFT',
    at,
    cause: { kind: 'LINK' },
  }));
