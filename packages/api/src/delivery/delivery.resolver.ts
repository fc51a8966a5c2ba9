import { type ConnectionTree, type DeliveryFilter, replayDeliveries } from '@enishi/core';
import { Arg, Args, Authorized, Mutation, Query, Resolver } from 'type-graphql';
import { pageComplexity } from '../complexity.ts';
import { requireCustomerId } from '../ids.ts';
import { Asked, type Question } from '../question.ts';
import { DeliveryArgs, DeliveryConnection, DeliveryFilterInput, DeliveryReplay } from './delivery.type.ts';

@Resolver()
export class DeliveryResolver {
  @Authorized('deliveries:read')
  @Query(() => DeliveryConnection, {
    complexity: pageComplexity,
    description: 'Deliveries of the workspace, newest first. Scope deliveries:read.',
  })
  deliveries(@Args(() => DeliveryArgs) _args: DeliveryArgs, @Asked() { reader, workspace, selected }: Question): Promise<ConnectionTree> {
    return reader.deliveries(workspace.id, selected());
  }

  @Authorized('deliveries:write')
  @Mutation(() => DeliveryReplay, {
    description:
      'Puts deliveries that ended unsent back in line, under the same idempotency key; consent is checked again before sending. Left alone: messages to whoever is held out, and changes of an audience that are no longer true. Scope deliveries:write.',
  })
  async replayDeliveries(
    @Arg('filter', () => DeliveryFilterInput, { description: 'Which ones.' }) input: DeliveryFilterInput,
    @Asked() { database, workspace }: Question,
  ): Promise<DeliveryReplay> {
    return { replayed: await replayDeliveries(database, workspace.id, filterOf(input)) };
  }
}

const filterOf = ({ statuses, program, destination, customer, from, to }: DeliveryFilterInput): DeliveryFilter => ({
  ...(statuses && { statuses }),
  ...(program && { program }),
  ...(destination && { destination }),
  ...(customer && { customerId: requireCustomerId(customer) }),
  ...(from && { from }),
  ...(to && { to }),
});
