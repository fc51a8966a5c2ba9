import { type Backfill as BackfillRecord, cancelBackfill, listBackfills, resumeBackfill, startBackfill } from '@enishi/core';
import { Arg, Args, Authorized, ID, Mutation, Query, Resolver } from 'type-graphql';
import { listComplexity } from '../complexity.ts';
import { badInput } from '../errors.ts';
import { answering } from '../problems.ts';
import { Asked, type Question } from '../question.ts';
import { Json } from '../scalars.ts';
import { Backfill, BackfillArgs, BackfillResult, StartBackfillResult } from './backfill.type.ts';
import { BackfillNotFound, InvalidOptions, UnknownSource } from './problems.ts';

const mostListed = 100;

@Resolver()
export class BackfillResolver {
  @Authorized('operate')
  @Query(() => [Backfill], { complexity: listComplexity, description: 'Backfills, the newest first. Scope operate.' })
  backfills(
    @Args(() => BackfillArgs) { source, first }: BackfillArgs,
    @Asked() { database, workspace }: Question,
  ): Promise<BackfillRecord[]> {
    const limit = first ?? mostListed;
    if (limit < 1 || limit > mostListed) throw badInput(`first is 1 to ${mostListed}`, { limit: mostListed, actual: limit });
    return listBackfills(database, workspace.id, { source: source ?? undefined, limit });
  }

  @Authorized('operate')
  @Mutation(() => StartBackfillResult, {
    description: 'Starts fetching the history of a partner, beside the traffic and page by page. Scope operate.',
  })
  startBackfill(
    @Arg('source', () => String, { description: 'Key of the source, such as `foursquare.history`.' }) source: string,
    @Arg('options', () => Json, { description: 'What the source is told, in the shape it declares. Default `{}`.', nullable: true })
    options: unknown,
    @Asked() { database, plugins, workspace }: Question,
  ): Promise<BackfillRecord> {
    return answering([UnknownSource, InvalidOptions], async () => {
      const { sources, wake } = plugins;
      const started = await startBackfill({ database, sources }, workspace.id, { source, options: objectOf(options) });
      wake();
      return started;
    });
  }

  @Authorized('operate')
  @Mutation(() => BackfillResult, { description: 'Reads no further page; what has been stored stays. Scope operate.' })
  cancelBackfill(
    @Arg('id', () => ID, { description: 'Id of the backfill.' }) id: string,
    @Asked() { database, workspace }: Question,
  ): Promise<BackfillRecord> {
    return answering([BackfillNotFound], () => cancelBackfill(database, workspace.id, { id }));
  }

  @Authorized('operate')
  @Mutation(() => BackfillResult, { description: 'Goes on where a backfill was cancelled or given up. Scope operate.' })
  resumeBackfill(
    @Arg('id', () => ID, { description: 'Id of the backfill.' }) id: string,
    @Asked() { database, plugins, workspace }: Question,
  ): Promise<BackfillRecord> {
    return answering([BackfillNotFound], async () => {
      const resumed = await resumeBackfill(database, workspace.id, { id });
      plugins.wake();
      return resumed;
    });
  }
}

function objectOf(options: unknown): Readonly<Record<string, unknown>> {
  if (options === null || options === undefined) return {};
  if (typeof options === 'object' && !Array.isArray(options)) return options as Readonly<Record<string, unknown>>;
  throw badInput('options must be an object');
}
