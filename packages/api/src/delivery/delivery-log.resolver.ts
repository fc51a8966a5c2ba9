import { DeliveryNotFound, deliveryLog } from '@enishi/core';
import { Args, Authorized, Query, Resolver } from 'type-graphql';
import { pageComplexity } from '../complexity.ts';
import { isId } from '../ids.ts';
import { Asked, type Question } from '../question.ts';
import { DeliveryLogArgs, DeliveryLogPage } from './delivery-log.type.ts';

@Resolver()
export class DeliveryLogResolver {
  @Authorized('operate')
  @Query(() => DeliveryLogPage, {
    complexity: pageComplexity,
    description: 'What was said to partners while somebody watched, newest first; see `watchDestination`. Scope operate.',
  })
  async deliveryLog(
    @Args(() => DeliveryLogArgs) { destination, delivery, first, after }: DeliveryLogArgs,
    @Asked() { database, workspace }: Question,
  ): Promise<DeliveryLogPage> {
    if (delivery && !isId(delivery)) throw new DeliveryNotFound(delivery);
    const { attempts, next } = await deliveryLog(database, workspace.id, {
      destination: destination ?? undefined,
      deliveryId: delivery ?? undefined,
      first: first ?? 20,
      after: after ?? undefined,
    });
    return { attempts, next: next ?? null };
  }
}
