import { createUnionType, Field, InputType, Int, ObjectType } from 'type-graphql';
import { InvalidDeliveryPolicy, problemType } from '../problems.ts';

@ObjectType({ description: 'At most so many messages to one customer in any stretch of this length.', simpleResolvers: true })
export class DeliveryCap {
  @Field(() => Int, { description: 'How many.' })
  declare most: number;
  @Field(() => String, { description: 'Length as an ISO 8601 duration, such as `P1D`.' })
  declare per: string;
}

@ObjectType({ description: 'A time of day in which nobody is written to; it may go over midnight.', simpleResolvers: true })
export class QuietHours {
  @Field(() => String, { description: 'Begin, such as `21:00`.' })
  declare from: string;
  @Field(() => String, { description: 'At this time they are over.' })
  declare to: string;
}

@ObjectType({
  description: 'How often and when customers are written to on a channel. Changes of audiences are exempt.',
  simpleResolvers: true,
})
export class DeliveryPolicy {
  @Field(() => String, { description: 'The channel, or `*` for all together.' })
  declare channel: string;
  @Field(() => [DeliveryCap], { description: 'What would exceed one of them is not sent.' })
  declare caps: readonly DeliveryCap[];
  @Field(() => QuietHours, { nullable: true, description: 'What falls into them waits until they end.' })
  declare quietHours: QuietHours | null;
  @Field(() => String, { description: 'Time zone of customers whose own is not known, such as `Asia/Tokyo`.' })
  declare timeZone: string;
  @Field(() => String, { nullable: true, description: 'Trait that holds a customer’s own time zone.' })
  declare timeZoneTrait: string | null;
  @Field(() => Boolean, { description: 'Whether what a contract needs (purpose `service`) is counted and held up as well.' })
  declare includeService: boolean;
}

@InputType({ description: 'At most so many messages to one customer in any stretch of this length.' })
export class DeliveryCapInput {
  @Field(() => Int, { description: 'How many, 0 to 1000.' })
  declare most: number;
  @Field(() => String, { description: 'Length as an ISO 8601 duration, such as `P1D`; 90 days at most.' })
  declare per: string;
}

@InputType({ description: 'A time of day in which nobody is written to; it may go over midnight.' })
export class QuietHoursInput {
  @Field(() => String, { description: 'Begin, such as `21:00`.' })
  declare from: string;
  @Field(() => String, { description: 'At this time they are over.' })
  declare to: string;
}

@InputType({ description: 'How often and when customers are written to on a channel; replaces what was set for it.' })
export class DeliveryPolicyInput {
  @Field(() => String, { description: 'The channel, or `*` for all together.' })
  declare channel: string;
  @Field(() => [DeliveryCapInput], { nullable: true, description: 'Default none.' })
  declare caps?: DeliveryCapInput[] | null;
  @Field(() => QuietHoursInput, { nullable: true, description: 'Default none.' })
  declare quietHours?: QuietHoursInput | null;
  @Field(() => String, { description: 'Time zone of customers whose own is not known, such as `Asia/Tokyo`.' })
  declare timeZone: string;
  @Field(() => String, { nullable: true, description: 'Trait that holds a customer’s own time zone.' })
  declare timeZoneTrait?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether purpose `service` is counted and held up as well. Default false.' })
  declare includeService?: boolean | null;
}

export const SetDeliveryPolicyResult = createUnionType({
  name: 'SetDeliveryPolicyResult',
  description: 'What holds now, or why it cannot.',
  types: () => [DeliveryPolicy, InvalidDeliveryPolicy] as const,
  resolveType: problemType('DeliveryPolicy'),
});
