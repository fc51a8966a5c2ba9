import { type Context, Customer } from '@enishi/plugin-sdk/graphql';
import { Arg, Authorized, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { friendsListed, pageLiked } from '../events/history.ts';
import { decidedBy, permits } from './decided.ts';
import { FacebookLike, FacebookPermissions } from './types.ts';

interface Cost {
  readonly args: { readonly first?: number };
  readonly childComplexity: number;
}

const perItem = ({ args, childComplexity }: Cost): number => 1 + (args.first ?? usual) * Math.max(1, childComplexity);
const usual = 20;
const atOnce = 50;
const atMost = (first: number): number => Math.min(Math.max(first, 1), 100);

@Resolver(() => Customer)
export class FacebookFields {
  @Authorized('customers:read', 'events:read')
  @FieldResolver(() => FacebookPermissions, {
    nullable: true,
    description: 'What the customer permits by their Facebook account; null if they never connected one. Scope events:read.',
  })
  async facebookPermissions(@Root() { id }: Customer, @Ctx() context: Context): Promise<FacebookPermissions | null> {
    const decided = await decidedBy(context, id);
    if (decided === undefined) return null;
    return { granted: [...decided.granted], declined: [...decided.declined], decidedAt: decided.at.toISOString() };
  }

  @Authorized('customers:read', 'events:read')
  @FieldResolver(() => [FacebookLike], {
    nullable: true,
    complexity: perItem,
    description: 'Pages the customer likes on Facebook, newest first; null unless they permit `user_likes` now. Scope events:read.',
  })
  async facebookLikes(
    @Root() { id }: Customer,
    @Arg('first', () => Int, { defaultValue: usual, description: 'At most how many, 1 to 100.' }) first: number,
    @Ctx() context: Context,
  ): Promise<FacebookLike[] | null> {
    if (!(await permits(context, id, 'user_likes'))) return null;
    const likes = await context.events(id, pageLiked, atMost(first));
    return likes.map(({ at, properties: { page_id, name, category } }) => ({ pageId: page_id, name, category, likedAt: at.toISOString() }));
  }

  @Authorized('customers:read', 'events:read')
  @FieldResolver(() => [Customer], {
    nullable: true,
    complexity: perItem,
    description:
      'Customers who are friends of this one on Facebook, where both permit `user_friends` now; null unless this one does. Scope events:read.',
  })
  async facebookFriends(
    @Root() { id }: Customer,
    @Arg('first', () => Int, { defaultValue: usual, description: 'At most how many, 1 to 100.' }) first: number,
    @Ctx() context: Context,
  ): Promise<Customer[] | null> {
    if (!(await permits(context, id, 'user_friends'))) return null;
    const [own] = await context.events(id, friendsListed, 1);
    if (own === undefined) return [];
    const { user_id, friends } = own.properties;
    const most = atMost(first);
    const found = new Map<string, Customer>();
    // A list may name 2,000; asked for a few, the house is not asked about all of them.
    for (let from = 0; from < friends.length && found.size < most; from += atOnce) {
      const some = await Promise.all(friends.slice(from, from + atOnce).map((friend) => mutualFriend(context, user_id, friend)));
      for (const friend of some) if (friend !== undefined && friend.id !== id) found.set(friend.id, friend);
    }
    return [...found.values()].slice(0, most);
  }
}

/** The other side's own word is asked for: a list that was not brought up to date must show nobody who has taken it back. */
async function mutualFriend(context: Context, user: string, friend: string): Promise<Customer | undefined> {
  const customer = await context.customerBy('facebook.user', friend);
  if (customer === undefined) return undefined;
  const [theirs, permitted] = await Promise.all([
    context.events(customer.id, friendsListed, 1),
    permits(context, customer.id, 'user_friends'),
  ]);
  return permitted && theirs[0]?.properties.friends.includes(user) ? customer : undefined;
}
