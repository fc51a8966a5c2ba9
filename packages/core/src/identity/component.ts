/** A live tie between two identities. */
export interface Edge {
  readonly a: string;
  readonly b: string;
  readonly createdAt: Date;
}

/** An identity with its age. */
export interface Node {
  readonly id: string;
  readonly createdAt: Date;
}

/** The connected components of some identities; each is led by its oldest identity, whose id is the customer's. */
export function components(nodes: readonly Node[], edges: readonly Edge[]): { id: string; createdAt: Date; members: Node[] }[] {
  const leader = new Map(nodes.map((node) => [node.id, node.id]));
  const find = (id: string): string => {
    let root = id;
    for (let next = leader.get(root); next !== undefined && next !== root; next = leader.get(root)) root = next;
    return root;
  };
  for (const { a, b } of edges) leader.set(find(a), find(b));
  return [...Map.groupBy(nodes, ({ id }) => find(id)).values()].map((members) => {
    const oldest = members.reduce((held, next) => (isOlder(next, held) ? next : held));
    return { id: oldest.id, createdAt: oldest.createdAt, members };
  });
}

const isOlder = (left: Node, right: Node): boolean =>
  left.createdAt.getTime() === right.createdAt.getTime() ? left.id < right.id : left.createdAt < right.createdAt;

/** Since when two identities are connected: links are laid in order of time until they meet. */
export function tieTimes(edges: readonly Edge[]): (a: string, b: string) => Date | undefined {
  const ordered = edges.toSorted((left, right) => left.createdAt.getTime() - right.createdAt.getTime());
  return (a, b) => {
    const group = new Map<string, string>();
    const find = (id: string): string => {
      let root = id;
      for (let next = group.get(root); next !== undefined; next = group.get(root)) root = next;
      return root;
    };
    for (const edge of ordered) {
      const [left, right] = [find(edge.a), find(edge.b)];
      if (left !== right) group.set(left, right);
      if (find(a) === find(b)) return edge.createdAt;
    }
    return undefined;
  };
}
