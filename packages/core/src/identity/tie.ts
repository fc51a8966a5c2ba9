import type { Identity } from './identity.ts';

/** Identities seen together: the first is the one the event hangs on, each other is tied to it. */
export interface Sighting {
  readonly identities: readonly Identity[];
  readonly eventId: string;
  readonly receivedAt: Date;
  /** What the links are called; default the other identity's namespace. */
  readonly rule?: string;
}

/** A customer as tying sees it: how old, how many identities of each namespace, and whom it must stay apart from. */
export interface Component {
  readonly id: string;
  readonly createdAt: Date;
  readonly spaces: Readonly<Record<string, number>>;
  readonly apart: readonly (readonly [own: string, other: string])[];
}

export interface ProposedLink {
  readonly key: string;
  readonly a: string;
  readonly b: string;
  readonly rule: string;
  readonly status: 'LIVE' | 'HELD';
  readonly reason: string | null;
  readonly eventId: string;
  readonly createdAt: Date;
}

export interface Known {
  /** Identity id → customer id, of those that exist. */
  readonly customerOf: ReadonlyMap<string, string>;
  readonly customers: ReadonlyMap<string, Component>;
  /** How many identities of a namespace one customer may hold. */
  readonly limitOf: (namespace: string) => number;
  /** Link key → status, of those already decided. */
  readonly links: { readonly get: (key: string) => 'LIVE' | 'HELD' | 'REVOKED' | undefined };
}

interface Group {
  id: string;
  createdAt: Date;
  spaces: Record<string, number>;
  apart: (readonly [string, string])[];
  absorbed: string[];
}

export interface Ties {
  /** The customer that each identity of the sightings belongs to now. */
  readonly customerOf: (identityId: string) => string;
  readonly created: readonly { readonly identity: Identity; readonly createdAt: Date }[];
  readonly links: readonly ProposedLink[];
  /** The customers that exist after tying and have changed: who they swallowed, what they hold. */
  readonly groups: readonly Readonly<Group>[];
}

export const linkKey = (a: string, b: string, rule: string): string => (a < b ? `${a} ${b} ${rule}` : `${b} ${a} ${rule}`);

/**
 * Decides which identities belong to one customer. Customers are the connected components of live links; a link that
 * would give one customer more identities of a namespace than it may hold, or tie what an operator has set apart,
 * is held for review. The oldest customer of a merge keeps its id.
 */
export function tie(sightings: readonly Sighting[], known: Known): Ties {
  const parent = new Map<string, string>();
  const groups = new Map<string, Group>();
  const created = new Map<string, { identity: Identity; createdAt: Date }>();
  const links = new Map<string, ProposedLink>();
  const changed = new Set<string>();

  const find = (id: string): string => {
    let root = id;
    for (let next = parent.get(root); next !== undefined; next = parent.get(root)) root = next;
    return root;
  };
  const rootOf = (identityId: string): string => find(known.customerOf.get(identityId) ?? identityId);
  const groupOf = (identity: Identity, createdAt: Date): Group => {
    const root = rootOf(identity.id);
    const group = groups.get(root) ?? open(root, known.customers.get(root), createdAt);
    groups.set(root, group);
    if (!known.customerOf.has(identity.id) && !created.has(identity.id)) {
      created.set(identity.id, { identity, createdAt });
      group.spaces[identity.namespace] = (group.spaces[identity.namespace] ?? 0) + 1;
      changed.add(group.id);
    }
    return group;
  };

  const tied = (anchor: Identity, other: Identity, named: string): boolean =>
    known.customerOf.has(other.id) &&
    rootOf(other.id) === rootOf(anchor.id) &&
    known.links.get(linkKey(anchor.id, other.id, named)) !== undefined;

  for (const { identities, eventId, receivedAt, rule } of sightings) {
    const [anchor, ...others] = identities;
    if (anchor === undefined) continue;
    // Most events name identities known to be one customer's: nothing is tied and nobody changes.
    if (known.customerOf.has(anchor.id) && others.every((other) => tied(anchor, other, rule ?? other.namespace))) continue;
    let group = groupOf(anchor, receivedAt);
    for (const other of others) {
      const named = rule ?? other.namespace;
      const key = linkKey(anchor.id, other.id, named);
      const decided = links.get(key)?.status ?? known.links.get(key);
      const second = groupOf(other, receivedAt);
      if (decided !== undefined) continue;
      const reason = group === second ? null : refusal([group, second], rootOf, known.limitOf);
      const [a, b] = anchor.id < other.id ? [anchor.id, other.id] : [other.id, anchor.id];
      links.set(key, { key, a, b, rule: named, status: reason === null ? 'LIVE' : 'HELD', reason, eventId, createdAt: receivedAt });
      if (reason !== null || group === second) continue;
      const [elder, younger] = isElder(group, second) ? [group, second] : [second, group];
      absorb(elder, younger, known.customers.has(younger.id));
      parent.set(younger.id, elder.id);
      groups.delete(younger.id);
      changed.delete(younger.id);
      changed.add(elder.id);
      group = elder;
    }
  }
  return {
    customerOf: rootOf,
    created: [...created.values()],
    links: [...links.values()],
    groups: [...groups.values()].filter(({ id }) => changed.has(id)),
  };
}

const open = (id: string, existing: Component | undefined, createdAt: Date): Group => ({
  id,
  createdAt: existing?.createdAt ?? createdAt,
  spaces: { ...existing?.spaces },
  apart: [...(existing?.apart ?? [])],
  absorbed: [],
});

const isElder = (left: Group, right: Group): boolean =>
  left.createdAt.getTime() === right.createdAt.getTime() ? left.id < right.id : left.createdAt < right.createdAt;

function absorb(elder: Group, younger: Group, existed: boolean): void {
  for (const [space, count] of Object.entries(younger.spaces)) elder.spaces[space] = (elder.spaces[space] ?? 0) + count;
  elder.apart.push(...younger.apart);
  elder.absorbed.push(...younger.absorbed, ...(existed ? [younger.id] : []));
}

/** Why two customers may not become one, or `null`. */
function refusal([left, right]: readonly [Group, Group], rootOf: (identityId: string) => string, limitOf: Known['limitOf']): string | null {
  for (const [space, mine] of Object.entries(left.spaces)) {
    const theirs = right.spaces[space] ?? 0;
    if (theirs > 0 && mine + theirs > limitOf(space)) return `one customer may hold ${limitOf(space)} of ${space}`;
  }
  const torn = left.apart.some(([, other]) => rootOf(other) === right.id) || right.apart.some(([, other]) => rootOf(other) === left.id);
  return torn ? 'an operator has set these customers apart' : null;
}
