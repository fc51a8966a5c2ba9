import { createUnionType, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import {
  AudienceNotReplaced,
  InvalidMessage,
  InvalidProgram,
  ProgramKeyTaken,
  ProgramNotFound,
  problemType,
  SegmentNotFound,
  UnknownDestination,
} from '../problems.ts';
import { DateTime, Json } from '../scalars.ts';
import { Segment } from '../segment/segment.type.ts';

export const Trigger = { ENTERED: 'ENTERED', LEFT: 'LEFT', BOTH: 'BOTH' } as const;
export type Trigger = (typeof Trigger)[keyof typeof Trigger];
registerEnumType(Trigger, {
  name: 'Trigger',
  description: 'Which change of a segment sets a program off.',
  valuesConfig: {
    ENTERED: { description: 'A customer entering.' },
    LEFT: { description: 'A customer leaving.' },
    BOTH: { description: 'Either.' },
  },
});

@ObjectType({ description: 'A marketing program: when a customer enters or leaves a segment, send this message.', simpleResolvers: true })
export class Program {
  @Field(() => String, { description: 'Stable name, lower case with hyphens.' })
  declare key: string;
  @Field(() => String, { description: 'Name for people.' })
  declare name: string;
  @Field(() => Segment, { nullable: true, description: 'The segment it watches.' })
  declare segment: Segment | null;
  @Field(() => Trigger, { description: 'Which change sets it off.' })
  declare trigger: Trigger;
  @Field(() => String, { description: 'Key of the destination it sends through, such as `email.message`.' })
  declare destination: string;
  @Field(() => Json, { description: 'The message, in the shape the destination declares.' })
  declare message: unknown;
  @Field(() => Int, { description: 'Grows when the message or the destination changes.' })
  declare version: number;
  @Field(() => Boolean, { description: 'Whether it plans deliveries.' })
  declare active: boolean;
  @Field(() => Int, { description: 'Percent of the customers nothing is sent to, so that the others can be compared with them.' })
  declare holdout: number;
  @Field(() => DateTime, { description: 'When it was first saved.' })
  declare createdAt: string;
  @Field(() => DateTime, { description: 'When it was last changed.' })
  declare updatedAt: string;
}

@InputType({ description: 'A program to save.' })
export class ProgramInput {
  @Field(() => String, { description: 'Stable name, lower case with hyphens. An existing key is changed.' })
  declare key: string;
  @Field(() => String, { description: 'Name for people.' })
  declare name: string;
  @Field(() => String, { description: 'Key of the segment to watch.' })
  declare segment: string;
  @Field(() => Trigger, { description: 'Which change sets it off.' })
  declare trigger: Trigger;
  @Field(() => String, { description: 'Key of the destination to send through, such as `email.message`.' })
  declare destination: string;
  @Field(() => Json, { description: 'The message, in the shape the destination declares.' })
  declare message: unknown;
  @Field(() => Boolean, { nullable: true, description: 'Whether it plans deliveries; default true.' })
  declare active?: boolean | null;
  @Field(() => Int, {
    nullable: true,
    description:
      'Percent of the customers, 0 to 50, to send nothing to, so that the others can be compared with them; default 0. None for an audience.',
  })
  declare holdout?: number | null;
}

export const SaveProgramResult = createUnionType({
  name: 'SaveProgramResult',
  description: 'The program as it is now, or why it could not be saved.',
  types: () => [Program, InvalidProgram, InvalidMessage, SegmentNotFound, UnknownDestination, ProgramKeyTaken] as const,
  resolveType: problemType('Program'),
});

export const SetProgramActiveResult = createUnionType({
  name: 'SetProgramActiveResult',
  description: 'The program as it is now, or why it could not be switched.',
  types: () => [Program, ProgramNotFound] as const,
  resolveType: problemType('Program'),
});

@ObjectType({ description: "A partner's audience that was made anew.", simpleResolvers: true })
export class AudienceSync {
  @Field(() => Int, { description: 'How many people the partner was told of.' })
  declare people: number;
}

export const SyncAudienceResult = createUnionType({
  name: 'SyncAudienceResult',
  description: 'What the partner was told, or why it was not.',
  types: () => [AudienceSync, ProgramNotFound, UnknownDestination, InvalidMessage, AudienceNotReplaced] as const,
  resolveType: problemType('AudienceSync'),
});
