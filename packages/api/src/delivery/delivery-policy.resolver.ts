import { listDeliveryPolicies, removeDeliveryPolicy, setDeliveryPolicy } from '@enishi/core';
import { Arg, Authorized, Mutation, Query, Resolver } from 'type-graphql';
import { listComplexity } from '../complexity.ts';
import { answering, InvalidDeliveryPolicy } from '../problems.ts';
import { Asked, type Question } from '../question.ts';
import { DeliveryPolicy, DeliveryPolicyInput, SetDeliveryPolicyResult } from './delivery-policy.type.ts';

@Resolver()
export class DeliveryPolicyResolver {
  @Authorized('programs:read')
  @Query(() => [DeliveryPolicy], {
    complexity: listComplexity,
    description: 'How often and when customers are written to, by channel. Scope programs:read.',
  })
  deliveryPolicy(@Asked() { database, workspace }: Question): Promise<DeliveryPolicy[]> {
    return listDeliveryPolicies(database, workspace.id);
  }

  @Authorized('operate')
  @Mutation(() => SetDeliveryPolicyResult, {
    description:
      'Sets how often and when customers are written to on a channel; it holds for whatever is sent from then on. Scope operate.',
  })
  setDeliveryPolicy(
    @Arg('input', () => DeliveryPolicyInput, { description: 'The policy.' }) input: DeliveryPolicyInput,
    @Asked() { database, workspace }: Question,
  ): Promise<DeliveryPolicy> {
    const { channel, caps, quietHours, timeZone, timeZoneTrait, includeService } = input;
    return answering([InvalidDeliveryPolicy], () =>
      setDeliveryPolicy(database, workspace.id, {
        channel,
        caps: (caps ?? []).map(({ most, per }) => ({ most, per })),
        quietHours: quietHours ? { from: quietHours.from, to: quietHours.to } : null,
        timeZone,
        timeZoneTrait: timeZoneTrait ?? null,
        includeService: includeService ?? false,
      }),
    );
  }

  @Authorized('operate')
  @Mutation(() => Boolean, { description: 'Lifts what was set for a channel; answers whether there was something. Scope operate.' })
  removeDeliveryPolicy(
    @Arg('channel', () => String, { description: 'The channel, or `*`.' }) channel: string,
    @Asked() { database, workspace }: Question,
  ): Promise<boolean> {
    return removeDeliveryPolicy(database, workspace.id, channel);
  }
}
