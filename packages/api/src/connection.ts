import { ArgsType, type ClassType, Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Where a page stands in its list.', simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: 'More follow: ask again with `after: endCursor`.' })
  declare hasNextPage: boolean;
  @Field(() => Boolean, { description: 'Some come before: ask again with `last` and `before: startCursor`. After `after`, always true.' })
  declare hasPreviousPage: boolean;
  @Field(() => String, { nullable: true, description: 'Cursor of the first item; null on an empty page.' })
  declare startCursor: string | null;
  @Field(() => String, { nullable: true, description: 'Cursor of the last item; null on an empty page.' })
  declare endCursor: string | null;
}

/** Arguments of every list that can be read page by page. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: 'How many from the start of the list, or after `after`: 1 to 200, default 20.' })
  declare first?: number | null;
  @Field(() => String, { nullable: true, description: 'Go on behind this cursor. Cursors stay good while items come and go.' })
  declare after?: string | null;
  @Field(() => Int, {
    nullable: true,
    description: 'How many from the end of the list, or before `before`: 1 to 200. Not together with `first`.',
  })
  declare last?: number | null;
  @Field(() => String, { nullable: true, description: 'Go back from this cursor; together with `last`.' })
  declare before?: string | null;
}

/** The arguments of a page that can only be read forward. */
@ArgsType()
export class ForwardArgs {
  @Field(() => Int, { nullable: true, description: 'How many, 1 to 200; default 20.' })
  declare first?: number | null;
  @Field(() => String, { nullable: true, description: 'Go on behind this cursor. Cursors stay good while items come and go.' })
  declare after?: string | null;
}

export interface Edge {
  readonly cursor: string;
}

/** `XEdge` and `XConnection` for a type of object. */
export function connectionOf<TNode extends object>(name: string, node: () => ClassType<TNode>) {
  @ObjectType(`${name}Edge`, { description: `One item of a ${name}Connection with its place in the list.`, simpleResolvers: true })
  class ItemEdge implements Edge {
    @Field(() => String, { description: 'The place of this item; hand it in as `after` or `before`.' })
    declare cursor: string;
    @Field(() => node(), { description: 'The item itself.' })
    declare node: TNode;
  }
  return connectionWith(name, { node, edge: () => ItemEdge });
}

/** `XConnection` over an edge of its own. */
export function connectionWith<TNode extends object, TEdge extends Edge>(
  name: string,
  { node, edge }: { node: () => ClassType<TNode>; edge: () => ClassType<TEdge> },
) {
  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name} items.`, simpleResolvers: true })
  class ItemConnection {
    @Field(() => [edge()], { description: 'The items with their cursors.' })
    declare edges: TEdge[];
    @Field(() => [node()], { description: 'The items alone, for when cursors are not needed.' })
    declare nodes: TNode[];
    @Field(() => PageInfo, { description: 'Whether there is more, and where to go on.' })
    declare pageInfo: PageInfo;
  }
  return ItemConnection;
}
