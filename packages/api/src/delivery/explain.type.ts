import { createUnionType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import {
  CustomerNotFound,
  DeliveryNotFound,
  InvalidMessage,
  PreviewFailed,
  ProgramNotFound,
  problemType,
  UnknownDestination,
} from '../problems.ts';
import { DateTime } from '../scalars.ts';

export const DeliveryStepKind = {
  PROGRAM: 'PROGRAM',
  PLANNED: 'PLANNED',
  DESTINATION: 'DESTINATION',
  HOLDOUT: 'HOLDOUT',
  CONSENT: 'CONSENT',
  NO_ADDRESS: 'NO_ADDRESS',
  ADDRESS_SUPPRESSED: 'ADDRESS_SUPPRESSED',
  QUIET_HOURS: 'QUIET_HOURS',
  CAP: 'CAP',
  CUSTOMER: 'CUSTOMER',
  TURN: 'TURN',
  CANCELLED: 'CANCELLED',
  ATTEMPTS: 'ATTEMPTS',
  OUTCOME: 'OUTCOME',
} as const;
registerEnumType(DeliveryStepKind, {
  name: 'DeliveryStepKind',
  description: 'What is asked on the way of a delivery.',
  valuesConfig: {
    PROGRAM: { description: 'Whether the program plans deliveries.' },
    PLANNED: { description: 'Whether the customer entered or left the segment while it did.' },
    DESTINATION: { description: 'Whether the destination is paused.' },
    HOLDOUT: { description: 'Whether they are among those the program sends nothing to, for comparison.' },
    CONSENT: { description: 'Whether the customer agreed to this purpose on this channel.' },
    NO_ADDRESS: { description: 'Whether they have an address the destination can use.' },
    ADDRESS_SUPPRESSED: { description: 'Whether that address still takes anything on this channel.' },
    QUIET_HOURS: { description: 'Whether it is quiet where they are.' },
    CAP: { description: 'Whether they have been written to too often.' },
    CUSTOMER: { description: 'Whether they are still there.' },
    TURN: { description: 'Whether another delivery to them goes out first.' },
    CANCELLED: { description: 'Whether it was overtaken by the opposite.' },
    ATTEMPTS: { description: 'How often it was tried.' },
    OUTCOME: { description: 'What the destination said in the end.' },
  },
});

export const DeliveryStepState = { PASSED: 'PASSED', STOPPED: 'STOPPED', WAITING: 'WAITING' } as const;
registerEnumType(DeliveryStepState, {
  name: 'DeliveryStepState',
  description: 'How a step came out.',
  valuesConfig: {
    PASSED: { description: 'Nothing in the way here.' },
    STOPPED: { description: 'It is not sent for this reason.' },
    WAITING: { description: 'It is held up here for a while.' },
  },
});

@ObjectType({ description: 'One thing that was, or is, asked on the way of a delivery.', simpleResolvers: true })
export class DeliveryStep {
  @Field(() => DeliveryStepKind, { description: 'What was asked.' })
  declare kind: keyof typeof DeliveryStepKind;
  @Field(() => DeliveryStepState, { description: 'How it came out.' })
  declare state: keyof typeof DeliveryStepState;
  @Field(() => String, { nullable: true, description: 'Why, such as `consent withdrawn: marketing/email` or `cap: 2 per P1D on email`.' })
  declare reason: string | null;
  @Field(() => DateTime, { nullable: true, description: 'When it was so; for a step that waits, until when.' })
  declare at: Date | null;
}

@ObjectType({ description: 'Why a delivery was sent, or was not.', simpleResolvers: true })
export class DeliveryExplanation {
  @Field(() => String, {
    nullable: true,
    description: 'Id of the delivery; null where none was planned: the steps then say what would stop one now.',
  })
  declare id: string | null;
  @Field(() => String, { nullable: true, description: 'Where it stands.' })
  declare status: string | null;
  @Field(() => [DeliveryStep], { description: 'The steps in order; nothing is asked behind the one that stopped it.' })
  declare steps: readonly DeliveryStep[];
}

@InputType({ description: 'A delivery: by its id, or the newest of a program for a customer.' })
export class DeliverySubject {
  @Field(() => ID, { nullable: true, description: 'Id of the delivery.' })
  declare id?: string | null;
  @Field(() => String, { nullable: true, description: 'Key of the program; with `customer`.' })
  declare program?: string | null;
  @Field(() => ID, { nullable: true, description: 'Whose delivery; with `program`.' })
  declare customer?: string | null;
}

export const ExplainDeliveryResult = createUnionType({
  name: 'ExplainDeliveryResult',
  description: 'The explanation, or what there is none of.',
  types: () => [DeliveryExplanation, DeliveryNotFound, ProgramNotFound, CustomerNotFound] as const,
  resolveType: problemType('DeliveryExplanation'),
});

@ObjectType({ description: 'One way in which a delivery would be shown.', simpleResolvers: true })
export class PreviewPart {
  @Field(() => String, { description: 'Such as `subject`, `html` or `text`.' })
  declare name: string;
  @Field(() => String, { description: 'Its media type.' })
  declare contentType: string;
  @Field(() => String, { description: 'What would be shown.' })
  declare body: string;
}

@ObjectType({ description: 'What a delivery would look like now.', simpleResolvers: true })
export class DeliveryPreview {
  @Field(() => [PreviewPart], { description: 'One per way of showing it; empty where a step stops it.' })
  declare parts: readonly PreviewPart[];
  @Field(() => [DeliveryStep], { description: 'What stands in its way at this moment.' })
  declare steps: readonly DeliveryStep[];
}

export const PreviewDeliveryResult = createUnionType({
  name: 'PreviewDeliveryResult',
  description: 'The preview, or why there is none.',
  types: () => [DeliveryPreview, ProgramNotFound, CustomerNotFound, UnknownDestination, InvalidMessage, PreviewFailed] as const,
  resolveType: problemType('DeliveryPreview'),
});
