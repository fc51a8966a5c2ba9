import 'reflect-metadata';
import { definePlugin, event, trait } from '@enishi/plugin-sdk';
import { type Context, Customer } from '@enishi/plugin-sdk/graphql';
import { Arg, Ctx, Field, FieldResolver, Float, ID, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { z } from 'zod';

export const orderPlaced = event('shop.order_placed', z.object({ total: z.number(), items: z.array(z.string()).default([]) }), {
  description: 'Somebody ordered.',
});
export const rank = trait('rank', z.enum(['silver', 'gold']), { description: 'Rank in the loyalty programme.' });

@ObjectType({ description: 'An order.' })
class Order {
  @Field(() => Float, { description: 'What it cost.' })
  declare total: number;
}

@Resolver(() => Customer)
class CustomerOrders {
  @FieldResolver(() => [Order], { description: 'Newest orders.' })
  async orders(@Root() customer: Customer, @Ctx() context: Context): Promise<Order[]> {
    const events = await context.events(customer.id, orderPlaced);
    return events.map(({ properties }) => properties);
  }

  /** Knows a customer's id and nothing else, as a plugin's own query does. */
  @Query(() => Customer, { description: 'The best customer.' })
  bestCustomer(@Arg('id', () => ID, { description: 'Who it is.' }) id: string): Customer {
    return { id };
  }
}

export const shop = definePlugin({
  name: 'shop',
  description: 'A shop for tests.',
  config: z.object({}),
  events: [orderPlaced],
  traits: [rank],
  resolvers: [CustomerOrders],
})({});
