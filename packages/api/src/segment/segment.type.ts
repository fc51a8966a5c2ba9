import { Customer } from '@enishi/plugin-sdk/graphql';
import { createUnionType, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionWith, type Edge } from '../connection.ts';
import { InvalidRule, InvalidSegment, problemType, SegmentKeyTaken, SegmentNotFound } from '../problems.ts';
import { DateTime, Json } from '../scalars.ts';

export const SegmentStatus = { BUILDING: 'BUILDING', LIVE: 'LIVE', ARCHIVED: 'ARCHIVED' } as const;
export type SegmentStatus = (typeof SegmentStatus)[keyof typeof SegmentStatus];
registerEnumType(SegmentStatus, {
  name: 'SegmentStatus',
  description: 'Where a segment stands.',
  valuesConfig: {
    BUILDING: { description: 'Its members are being worked out.' },
    LIVE: { description: 'Its members are right at every moment.' },
    ARCHIVED: { description: 'It has no members and is kept for its history.' },
  },
});

@ObjectType({ description: 'A rule over customers, and the live set of those it holds for.', simpleResolvers: true })
export class Segment {
  @Field(() => String, { description: 'Stable name, lower case with hyphens.' })
  declare key: string;
  @Field(() => String, { description: 'Name for people.' })
  declare name: string;
  @Field(() => String, { description: 'What it is for.' })
  declare description: string;
  @Field(() => Json, { description: 'The rule, as data.' })
  declare rule: unknown;
  @Field(() => Int, { description: 'Grows by one with each change of the rule.' })
  declare version: number;
  @Field(() => SegmentStatus, { description: 'Where it stands.' })
  declare status: SegmentStatus;
  @Field(() => Int, { description: 'How many customers are in it now.' })
  declare size: number;
  @Field(() => DateTime, { description: 'When it was first saved.' })
  declare createdAt: string;
  @Field(() => DateTime, { description: 'When it was last changed.' })
  declare updatedAt: string;
}

@ObjectType('MemberEdge', { description: 'A customer in a segment, with its place in the list.', simpleResolvers: true })
export class MemberEdge implements Edge {
  @Field(() => String, { description: 'The place of this member; hand it in as `after` or `before`.' })
  declare cursor: string;
  @Field(() => DateTime, { description: 'Since when the customer is in the segment.' })
  declare enteredAt: string;
  @Field(() => Customer, { description: 'The customer.' })
  declare node: Customer;
}

export const MemberConnection = connectionWith('Member', { node: () => Customer, edge: () => MemberEdge });

@ObjectType({ description: 'A stay of a customer in a segment.', simpleResolvers: true })
export class Membership {
  @Field(() => Segment, { description: 'The segment.' })
  declare segment: Segment;
  @Field(() => DateTime, { description: 'When the customer entered.' })
  declare enteredAt: string;
  @Field(() => DateTime, { nullable: true, description: 'When the customer left; null while still in.' })
  declare leftAt: string | null;
}

@InputType({ description: 'A segment to save.' })
export class SegmentInput {
  @Field(() => String, { description: 'Stable name, lower case with hyphens. An existing key gets a new version.' })
  declare key: string;
  @Field(() => String, { description: 'Name for people.' })
  declare name: string;
  @Field(() => String, { nullable: true, description: 'What it is for.' })
  declare description?: string | null;
  @Field(() => Json, { description: 'The rule, as data: see the rule language in the documentation.' })
  declare rule: unknown;
}

export const SaveSegmentResult = createUnionType({
  name: 'SaveSegmentResult',
  description: 'The segment as it is now, or why it could not be saved.',
  types: () => [Segment, InvalidRule, InvalidSegment, SegmentKeyTaken] as const,
  resolveType: problemType('Segment'),
});

export const ArchiveSegmentResult = createUnionType({
  name: 'ArchiveSegmentResult',
  description: 'The segment as it is now, or why it could not be archived.',
  types: () => [Segment, SegmentNotFound] as const,
  resolveType: problemType('Segment'),
});
