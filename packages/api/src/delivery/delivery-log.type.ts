import { ArgsType, Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../scalars.ts';
import { WireCall } from './destination.type.ts';

@ObjectType({ description: 'One attempt whose calls were written down.', simpleResolvers: true })
export class LoggedAttempt {
  @Field(() => ID, { description: 'Id of the delivery. Deliveries that went in one call show the same calls.' })
  declare deliveryId: string;
  @Field(() => String, { description: 'Key of the destination.' })
  declare destination: string;
  @Field(() => Int, { description: 'Which attempt, from 1.' })
  declare attempt: number;
  @Field(() => DateTime, { description: 'When it was made.' })
  declare at: Date;
  @Field(() => String, { description: 'What the destination made of it.' })
  declare outcome: string;
  @Field(() => String, { nullable: true, description: 'Why it did not go through.' })
  declare reason: string | null;
  @Field(() => Int, { description: 'How long it took, in milliseconds.' })
  declare milliseconds: number;
  @Field(() => [WireCall], { description: 'What was said, in order.' })
  declare calls: readonly WireCall[];
}

@ObjectType({ description: 'A page of the log of deliveries.', simpleResolvers: true })
export class DeliveryLogPage {
  @Field(() => [LoggedAttempt], { description: 'Attempts, newest first.' })
  declare attempts: readonly LoggedAttempt[];
  @Field(() => String, { nullable: true, description: 'Give it as `after` for the next page; null on the last.' })
  declare next: string | null;
}

@ArgsType()
export class DeliveryLogArgs {
  @Field(() => String, { nullable: true, description: 'Only those of this destination, by key.' })
  declare destination?: string | null;
  @Field(() => ID, { nullable: true, description: 'Only those of this delivery.' })
  declare delivery?: string | null;
  @Field(() => Int, { nullable: true, description: 'How many, 100 at most. Default 20.' })
  declare first?: number | null;
  @Field(() => String, { nullable: true, description: 'Go on behind this page’s `next`.' })
  declare after?: string | null;
}
