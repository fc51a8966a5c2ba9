import { Customer } from '@enishi/plugin-sdk/graphql';
import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf, PageArgs } from '../connection.ts';
import { Program } from '../program/program.type.ts';
import { DateTime, Json } from '../scalars.ts';
import { Segment } from '../segment/segment.type.ts';

export const DeliveryStatus = {
  PENDING: 'PENDING',
  SENDING: 'SENDING',
  DELIVERED: 'DELIVERED',
  DEAD: 'DEAD',
  SUPPRESSED: 'SUPPRESSED',
} as const;
export type DeliveryStatus = (typeof DeliveryStatus)[keyof typeof DeliveryStatus];
registerEnumType(DeliveryStatus, {
  name: 'DeliveryStatus',
  description: 'Where a delivery stands.',
  valuesConfig: {
    PENDING: { description: 'Waits for its time, or for the next attempt.' },
    SENDING: { description: 'Is with the destination.' },
    DELIVERED: { description: 'The destination took it.' },
    DEAD: { description: 'Given up; it can be replayed.' },
    SUPPRESSED: { description: 'Not sent: consent, address, a cap or another reason stands against it. See `explainDelivery`.' },
  },
});

export const Change = { ENTERED: 'ENTERED', LEFT: 'LEFT' } as const;
export type Change = (typeof Change)[keyof typeof Change];
registerEnumType(Change, {
  name: 'Change',
  description: 'What a customer did with a segment.',
  valuesConfig: { ENTERED: { description: 'Came into it.' }, LEFT: { description: 'Fell out of it.' } },
});

@ObjectType({ description: 'One attempt to send a delivery.', simpleResolvers: true })
export class DeliveryAttempt {
  @Field(() => Int, { description: 'Which attempt, from 1.' })
  declare attempt: number;
  @Field(() => DateTime, { description: 'When it was made.' })
  declare at: string;
  @Field(() => String, {
    description: 'What the destination answered: `delivered`, `retry`, `waiting`, `rejected`, `unreachable` or `fix-credentials`.',
  })
  declare outcome: string;
  @Field(() => String, { nullable: true, description: 'Why it did not go through.' })
  declare reason: string | null;
  @Field(() => Int, { description: 'How long it took, in milliseconds.' })
  declare milliseconds: number;
}

@ObjectType({ description: 'One message or audience change to one destination for one customer, and its outcome.', simpleResolvers: true })
export class Delivery {
  @Field(() => ID, { description: 'Also the idempotency key handed to the destination.' })
  declare id: string;
  @Field(() => Customer, { nullable: true, description: 'Who gets it; null once the customer is gone.' })
  declare customer: Customer | null;
  @Field(() => Program, { nullable: true, description: 'The program that planned it.' })
  declare program: Program | null;
  @Field(() => Int, { description: 'The version of the program it was planned with.' })
  declare programVersion: number;
  @Field(() => Segment, { nullable: true, description: 'The segment whose change set it off.' })
  declare segment: Segment | null;
  @Field(() => String, { description: 'Key of the destination, such as `email.message`.' })
  declare destination: string;
  @Field(() => Change, { description: 'Whether the customer entered or left.' })
  declare change: Change;
  @Field(() => DateTime, { description: 'When the customer entered or left.' })
  declare changedAt: string;
  @Field(() => Json, { nullable: true, description: 'What made the customer enter or leave.' })
  declare cause: unknown;
  @Field(() => DeliveryStatus, { description: 'Where it stands.' })
  declare status: DeliveryStatus;
  @Field(() => String, { nullable: true, description: '`ADD` or `REMOVE` where it changes an audience; null for a message.' })
  declare operation: string | null;
  @Field(() => String, { nullable: true, description: 'What stood in its way when it was last decided about, such as `CONSENT` or `CAP`.' })
  declare obstacle: string | null;
  @Field(() => Int, { description: 'How many attempts were made.' })
  declare attempts: number;
  @Field(() => [DeliveryAttempt], { description: 'The attempts, first to last.' })
  declare attemptLog: DeliveryAttempt[];
  @Field(() => DateTime, { description: 'When it is, or was, next to be tried.' })
  declare dueAt: string;
  @Field(() => String, { nullable: true, description: 'Why it is dead, suppressed or waiting.' })
  declare reason: string | null;
  @Field(() => String, { nullable: true, description: "The partner's own id of it." })
  declare reference: string | null;
  @Field(() => DateTime, { description: 'When it was planned.' })
  declare createdAt: string;
  @Field(() => DateTime, { description: 'When it last changed.' })
  declare updatedAt: string;
}

export const DeliveryConnection = connectionOf('Delivery', () => Delivery);

@ArgsType()
export class DeliveryArgs extends PageArgs {
  @Field(() => [DeliveryStatus], { nullable: true, description: 'Only those that stand here; default all.' })
  declare statuses?: DeliveryStatus[] | null;
  @Field(() => String, { nullable: true, description: 'Only those of this program, by key.' })
  declare program?: string | null;
  @Field(() => String, { nullable: true, description: 'Only those set off by this segment, by key.' })
  declare segment?: string | null;
  @Field(() => String, { nullable: true, description: 'Only those to this destination, by key.' })
  declare destination?: string | null;
}

@InputType({ description: 'Which deliveries; what is left out does not filter.' })
export class DeliveryFilterInput {
  @Field(() => [DeliveryStatus], { nullable: true, description: 'Where they stand: DEAD, SUPPRESSED, or both. Default DEAD.' })
  declare statuses?: DeliveryStatus[] | null;
  @Field(() => String, { nullable: true, description: 'Key of their program.' })
  declare program?: string | null;
  @Field(() => String, { nullable: true, description: 'Key of their destination.' })
  declare destination?: string | null;
  @Field(() => ID, { nullable: true, description: 'Whose they are.' })
  declare customer?: string | null;
  @Field(() => DateTime, { nullable: true, description: 'Planned at this instant or later.' })
  declare from?: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'Planned before this instant.' })
  declare to?: Date | null;
}

@ObjectType({ description: 'What a replay set in motion.', simpleResolvers: true })
export class DeliveryReplay {
  @Field(() => Int, { description: 'How many deliveries wait to be sent again.' })
  declare replayed: number;
}
