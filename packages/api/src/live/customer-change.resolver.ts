import { type CustomerChange as Change, encodeCursor, followCustomer } from '@enishi/core';
import { Customer } from '@enishi/plugin-sdk/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Authorized, Ctx, FieldResolver, ID, Info, Resolver, Root, Subscription } from 'type-graphql';
import { selectedBy } from '../selection.ts';
import type { LiveContext } from './context.ts';
import { CustomerChange } from './customer-change.type.ts';
import { customerNow } from './customer-now.ts';
import { LiveStream } from './live-stream.ts';

interface CustomerChangesArgs {
  readonly id: string;
  readonly after?: string | null;
}

async function open({ id, after }: CustomerChangesArgs, { feed, workspace }: LiveContext): Promise<LiveStream<Change, CustomerChange>> {
  const pages = await followCustomer(feed, workspace, { customerId: id, ...(after != null && { after }) });
  return new LiveStream({ pages, payloadOf: (change) => ({ ...change, cursor: encodeCursor(workspace, { seq: change.seq }) }) });
}

@Resolver(() => CustomerChange)
export class CustomerChangeResolver {
  @Authorized('customers:read')
  @Subscription(() => CustomerChange, {
    description:
      'What touches one customer, followed through merges, each exactly once and in order. Errors: CUSTOMER_NOT_FOUND, INVALID_CURSOR.',
    subscribe: ({ args, context }) => open(args as CustomerChangesArgs, context as LiveContext),
  })
  customerChanges(
    @Root() change: CustomerChange,
    @Arg('id', () => ID, { description: 'Any id that answers for the customer, also one that was merged away.' }) _id: string,
    @Arg('after', () => String, { nullable: true, description: 'Go on behind this cursor. Default: from now.' }) _after: string | null,
  ): CustomerChange {
    return change;
  }

  @Authorized('customers:read')
  @FieldResolver(() => Customer, {
    nullable: true,
    description: 'The customer as it is when the item is sent. Null where there is none any more.',
  })
  customer(@Root() { customerId }: CustomerChange, @Ctx() context: LiveContext, @Info() info: GraphQLResolveInfo) {
    return customerNow(context, customerId, selectedBy(info).select);
  }
}
