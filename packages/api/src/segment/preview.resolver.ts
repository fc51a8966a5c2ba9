import { previewRule, type Tree } from '@enishi/core';
import { Arg, Authorized, Int, Query, Resolver } from 'type-graphql';
import { badInput } from '../errors.ts';
import { answering, InvalidRule } from '../problems.ts';
import { Asked, type Question } from '../question.ts';
import { Json } from '../scalars.ts';
import { below } from '../selection.ts';
import { PreviewSegmentResult } from './explanation.type.ts';

const mostSampled = 32;

@Resolver()
export class PreviewResolver {
  @Authorized('segments:read', 'customers:read')
  @Query(() => PreviewSegmentResult, {
    complexity: ({ args, childComplexity }) => 1 + Number(args.sample ?? 10) * childComplexity,
    description: 'Whom a rule would hold for, without saving it. Errors RULES_BUSY, RULE_TOO_SLOW. Scopes segments:read, customers:read.',
  })
  previewSegment(
    @Arg('rule', () => Json, { description: 'The rule, as data.' }) rule: unknown,
    @Arg('sample', () => Int, { nullable: true, description: `How many customers to show, 0 to ${mostSampled}; default 10.` }) wanted:
      | number
      | null,
    @Asked() { database, reader, workspace, selection }: Question,
  ): Promise<{ count: number; sample: readonly (Tree | undefined)[] }> {
    const size = wanted ?? 10;
    if (size < 0 || size > mostSampled) throw badInput(`sample is between 0 and ${mostSampled}`);
    return answering([InvalidRule], async () => {
      const { count, sample } = await previewRule(database, workspace.id, { rule, sample: size });
      const wantedOfEach = below({ field: '', select: selection('SegmentPreview') }, 'sample');
      const customers = await Promise.all(sample.map((id) => reader.customer(workspace.id, id, wantedOfEach)));
      return { count, sample: customers.filter((customer) => customer !== undefined) };
    });
  }
}
