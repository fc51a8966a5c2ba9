import { type GivenUpCall as CallRecord, listGivenUpCalls, replayCalls } from '@enishi/core';
import { Arg, Args, ArgsType, Authorized, Field, ID, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { listComplexity } from '../complexity.ts';
import { badInput } from '../errors.ts';
import { isId } from '../ids.ts';
import { Asked, type Question } from '../question.ts';
import { DateTime } from '../scalars.ts';

const mostListed = 100;

@ObjectType({ description: 'A call of a webhook that was verified and kept, and could not be worked on.', simpleResolvers: true })
export class GivenUpCall {
  @Field(() => ID, { description: 'Id under which it was answered.' })
  declare id: string;
  @Field(() => String, { description: 'Key of the source, such as `pos.square`.' })
  declare source: string;
  @Field(() => DateTime, { description: 'When it came in.' })
  declare receivedAt: Date;
  @Field(() => Int, { description: 'How often it was tried.' })
  declare attempts: number;
  @Field(() => String, { description: 'Why it was given up.' })
  declare reason: string;
}

@ArgsType()
export class GivenUpCallArgs {
  @Field(() => String, { nullable: true, description: 'Only those of this source, by key.' })
  declare source?: string | null;
  @Field(() => Int, { nullable: true, description: 'How many, the newest first. Default and most: 100.' })
  declare first?: number | null;
}

@Resolver()
export class CallResolver {
  @Authorized('operate')
  @Query(() => [GivenUpCall], {
    complexity: listComplexity,
    description: 'Calls of webhooks that were given up, the newest first. Scope operate.',
  })
  givenUpCalls(
    @Args(() => GivenUpCallArgs) { source, first }: GivenUpCallArgs,
    @Asked() { database, workspace }: Question,
  ): Promise<CallRecord[]> {
    const limit = first ?? mostListed;
    if (limit < 1 || limit > mostListed) throw badInput(`first is 1 to ${mostListed}`, { limit: mostListed, actual: limit });
    return listGivenUpCalls(database, workspace.id, { source: source ?? undefined, limit });
  }

  @Authorized('operate')
  @Mutation(() => Int, {
    description: 'Works on calls that were given up as if they had just come, once the cause is mended; answers how many. Scope operate.',
  })
  async replayCalls(
    @Arg('source', () => String, { nullable: true, description: 'Only those of this source, by key.' }) source: string | null,
    @Arg('ids', () => [ID], { nullable: true, description: 'Only these.' }) ids: string[] | null,
    @Asked() { database, plugins, workspace }: Question,
  ): Promise<number> {
    const replayed = await replayCalls(database, workspace.id, { source: source ?? undefined, ids: ids?.filter(isId) });
    plugins.wake();
    return replayed;
  }
}
