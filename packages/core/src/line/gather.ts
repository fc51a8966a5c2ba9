import { type CustomerState, newCustomer } from '../customer/customer.ts';
import { readCustomers, removeCustomers } from '../customer/store.ts';
import type { Sql, Transaction } from '../db/sql.ts';
import { deriveId } from '../identity/identity.ts';
import { createIdentities, createLinks, findCustomers, findLinkStatus, moveIdentities } from '../identity/store.ts';
import { type Known, linkKey, type Sighting, type Ties, tie } from '../identity/tie.ts';
import type { Transition } from '../segment/transition.ts';
import type { Workbench } from './workbench.ts';

/** Everybody a batch is about: locked, tied together as the batch's evidence says, and stored so. */
export interface Gathering {
  readonly customers: Map<string, CustomerState>;
  readonly customerOf: (identityId: string) => string;
  /** The identities whose customer was not remembered. */
  readonly looked: readonly string[];
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
export async function gather(sql: Transaction, bench: Workbench, wanted: Gathered): Promise<Gathering> {
  const { workspace, now } = bench;
  const candidates = candidateLinks(wanted.sightings, bench);
  const links = await knownLinks(sql, bench, candidates);
  const { customers, ties, looked } = await settleIdentities(sql, bench, { ...wanted, links });

  const merges: { survivor: string; absorbed: string[] }[] = [];
  const ended: Transition[] = [];
  const absorbed: CustomerState[] = [];
  for (const group of ties.groups) {
    const customer = customers.get(group.id) ?? newCustomer(group.id, group.createdAt);
    customers.set(group.id, customer);
    customer.spaces = { ...group.spaces };
    customer.apart = [...group.apart];
    if (group.absorbed.length === 0) continue;
    customer.stale = true;
    merges.push({ survivor: group.id, absorbed: [...group.absorbed] });
    for (const id of group.absorbed) {
      const other = customers.get(id);
      if (other === undefined) continue;
      ended.push(...endMemberships(other, now));
      absorbed.push(other);
      customers.delete(id);
    }
  }
  moveIdentities(sql, workspace.id, merges);
  removeCustomers(sql, workspace.id, absorbed);
  createLinks(
    sql,
    workspace.id,
    ties.links.map((link) => ({ ...link, id: candidates.get(link.key) ?? linkId(bench, link.key) })),
  );
  return {
    customers,
    customerOf: ties.customerOf,
    looked,
    retied: new Set(ties.groups.map(({ id }) => id)),
    merges,
    ended,
    liveLinks: liveKeys(ties, links),
  };
}

/**
 * Finds the customers there are and makes the identities there are not. Where another batch makes the same identity at
 * the same moment, storing ours waits for it; what it made is then known, and the ties are decided again with it.
 */
async function settleIdentities(
  sql: Transaction,
  bench: Workbench,
  { sightings, customerIds, links }: Gathered & Pick<Known, 'links'>,
): Promise<{ customers: Map<string, CustomerState>; ties: Ties; looked: string[] }> {
  const { workspace, registry } = bench;
  const wanted = new Set(customerIds);
  for (const { identities } of sightings) for (const { id } of identities) wanted.add(id);
  const limitOf = (namespace: string): number => registry.namespace(namespace)?.limit ?? 1;
  const mine = new Map<string, string>();
  for (;;) {
    const { customerOf, customers, unknown } = await find(
      sql,
      bench,
      [...wanted].filter((id) => !mine.has(id)),
    );
    const apart = [...customers.values()].flatMap((customer) => customer.apart.map(([, other]) => other));
    if (apart.length > 0) for (const [id, owner] of await findCustomers(sql, workspace.id, apart)) customerOf.set(id, owner);
    const ties = tie(sightings, { customerOf, customers, links, limitOf });
    if (await createIdentities(sql, workspace.id, { ties, mine })) return { customers, ties, looked: [...unknown, ...mine.keys()] };
  }
}

/** Which customers the identities belong to, and those customers: as remembered, and as the tables have the rest. */
async function find(
  sql: Sql,
  { workspace, rules, cache }: Workbench,
  identityIds: readonly string[],
): Promise<{ customerOf: Map<string, string>; customers: Map<string, CustomerState>; unknown: string[] }> {
  const customerOf = new Map<string, string>();
  const customers = new Map<string, CustomerState>();
  const unknown: string[] = [];
  for (const id of identityIds) {
    const customerId = cache?.customerOf(id);
    const customer = customerId === undefined ? undefined : (customers.get(customerId) ?? cache?.take(customerId));
    if (customer === undefined) {
      unknown.push(id);
    } else {
      customerOf.set(id, customer.id);
      customers.set(customer.id, customer.open(rules));
    }
  }
  if (unknown.length === 0) return { customerOf, customers, unknown };
  for (const [id, customerId] of await findCustomers(sql, workspace.id, unknown)) customerOf.set(id, customerId);
  const missing = [...new Set(customerOf.values())].filter((id) => !customers.has(id));
  for (const customer of await readCustomers(sql, workspace.id, { ids: missing, locked: cache === undefined }))
    customers.set(customer.id, customer.open(rules));
  return { customerOf, customers, unknown };
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

const endMemberships = (customer: CustomerState, at: Date): Transition[] =>
  customer.segments.map((segmentId) => ({
    segmentId,
    customerId: customer.id,
    change: 'LEFT',
    at,
    cause: { kind: 'LINK' },
  }));
