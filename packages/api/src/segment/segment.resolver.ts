import { archiveSegment, type ConnectionTree, type Explanation, explainMembership, saveSegment, type Tree } from '@enishi/core';
import { Arg, Args, Authorized, FieldResolver, ID, Mutation, Query, Resolver } from 'type-graphql';
import { listComplexity, pageComplexity } from '../complexity.ts';
import { PageArgs } from '../connection.ts';
import { OfSegment } from '../from-statement.ts';
import { requireCustomerId } from '../ids.ts';
import { answering, CustomerNotFound, InvalidRule, InvalidSegment, SegmentKeyTaken, SegmentNotFound } from '../problems.ts';
import { Asked, type Question } from '../question.ts';
import { ExplainMembershipResult } from './explanation.type.ts';
import { ArchiveSegmentResult, MemberConnection, SaveSegmentResult, Segment, SegmentInput } from './segment.type.ts';

@Resolver(() => Segment)
export class SegmentResolver {
  @Authorized('segments:read')
  @Query(() => [Segment], { complexity: listComplexity, description: 'All segments, by key. Scope segments:read.' })
  segments(
    @Arg('archived', () => Boolean, { nullable: true, description: 'Archived ones too. Default false.' }) archived: boolean | null,
    @Asked() { reader, workspace, selection }: Question,
  ): Promise<Tree[]> {
    return reader.segments(workspace.id, selection(), { archived: archived ?? false });
  }

  @Authorized('segments:read')
  @Query(() => Segment, { nullable: true, description: 'A segment by key; null if there is none. Scope segments:read.' })
  segment(
    @Arg('key', () => String, { description: 'Key of the segment.' }) key: string,
    @Asked() { reader, workspace, selection }: Question,
  ): Promise<Tree | undefined> {
    return reader.segment(workspace.id, key, selection());
  }

  @Authorized('customers:read')
  @FieldResolver(() => MemberConnection, {
    complexity: pageComplexity,
    description: 'The customers who are in it now, by id. Scope customers:read.',
  })
  members(@OfSegment() value: ConnectionTree, @Args(() => PageArgs) _args: PageArgs): ConnectionTree {
    return value;
  }

  @Authorized('segments:read', 'customers:read')
  @Query(() => ExplainMembershipResult, {
    description:
      'Why a customer is in a segment or not, clause by clause, and when that changes by itself. Scopes segments:read, customers:read.',
  })
  explainMembership(
    @Arg('segment', () => String, { description: 'Key of the segment.' }) segment: string,
    @Arg('customer', () => ID, { description: 'Id of the customer.' }) customer: string,
    @Asked() { database, workspace }: Question,
  ): Promise<Explanation> {
    return answering([SegmentNotFound, CustomerNotFound], async () => {
      requireCustomerId(customer);
      return explainMembership(database, workspace.id, { segment, customer });
    });
  }

  @Authorized('segments:write')
  @Mutation(() => SaveSegmentResult, {
    description:
      'Makes a segment, or a new version of the one with this key. Answered when its members have been worked out. Scope segments:write.',
  })
  saveSegment(
    @Arg('input', () => SegmentInput, { description: 'The segment.' }) { description, ...input }: SegmentInput,
    @Asked() { line, reader, workspace, selection }: Question,
  ): Promise<Tree | undefined> {
    return answering([InvalidRule, InvalidSegment, SegmentKeyTaken], async () => {
      const { key } = await saveSegment(line, workspace, { ...input, ...(typeof description === 'string' && { description }) });
      return reader.segment(workspace.id, key, selection('Segment'));
    });
  }

  @Authorized('segments:write')
  @Mutation(() => ArchiveSegmentResult, {
    description: 'Ends a segment: everybody leaves it, its history stays. Scope segments:write.',
  })
  archiveSegment(
    @Arg('key', () => String, { description: 'Key of the segment.' }) key: string,
    @Asked() { line, reader, workspace, selection }: Question,
  ): Promise<Tree | undefined> {
    return answering([SegmentNotFound], async () => {
      await archiveSegment(line, workspace, key);
      return reader.segment(workspace.id, key, selection('Segment'));
    });
  }
}
