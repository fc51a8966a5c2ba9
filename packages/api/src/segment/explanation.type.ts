import { Customer } from '@enishi/plugin-sdk/graphql';
import { createUnionType, Field, Int, ObjectType } from 'type-graphql';
import { CustomerNotFound, InvalidRule, problemType, SegmentNotFound } from '../problems.ts';
import { DateTime, Json } from '../scalars.ts';

@ObjectType({ description: 'One condition of a rule, held against one customer.', simpleResolvers: true })
export class ExplainedClause {
  @Field(() => String, { description: 'Where it stands in the rule, such as `all.0.not`; empty for the rule itself.' })
  declare path: string;
  @Field(() => Json, { description: 'The condition.' })
  declare rule: unknown;
  @Field(() => Boolean, { description: 'Whether it holds now.' })
  declare matches: boolean;
  @Field(() => String, { description: 'What was found, in words: `2 events, the last on ...`.' })
  declare actual: string;
  @Field(() => DateTime, { nullable: true, description: 'When this changes by itself if nothing happens; null if never.' })
  declare changesAt: Date | null;
}

@ObjectType({ description: 'Why a customer is in a segment, or not.', simpleResolvers: true })
export class MembershipExplanation {
  @Field(() => Boolean, { description: 'Whether the rule holds for the customer now.' })
  declare member: boolean;
  @Field(() => DateTime, { nullable: true, description: 'When this changes by itself if nothing happens; null if never.' })
  declare changesAt: Date | null;
  @Field(() => [ExplainedClause], { description: 'Each condition of the rule.' })
  declare clauses: ExplainedClause[];
}

export const ExplainMembershipResult = createUnionType({
  name: 'ExplainMembershipResult',
  description: 'The explanation, or why there is none.',
  types: () => [MembershipExplanation, SegmentNotFound, CustomerNotFound] as const,
  resolveType: problemType('MembershipExplanation'),
});

@ObjectType({ description: 'Whom a rule would hold for, now.', simpleResolvers: true })
export class SegmentPreview {
  @Field(() => Int, { description: 'How many customers.' })
  declare count: number;
  @Field(() => [Customer], { description: 'Some of them.' })
  declare sample: Customer[];
}

export const PreviewSegmentResult = createUnionType({
  name: 'PreviewSegmentResult',
  description: 'The preview, or what is wrong with the rule.',
  types: () => [SegmentPreview, InvalidRule] as const,
  resolveType: problemType('SegmentPreview'),
});
