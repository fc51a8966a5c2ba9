import { type DestinationRecord, listDestinations, pauseDestination, resumeDestination, watchDestination } from '@enishi/core';
import { Arg, Authorized, Int, Mutation, Query, Resolver } from 'type-graphql';
import { listComplexity } from '../complexity.ts';
import { answering, UnknownDestination } from '../problems.ts';
import { Asked, type Question } from '../question.ts';
import { type Destination, DestinationResult, Destination as DestinationType } from './destination.type.ts';

@Resolver()
export class DestinationResolver {
  @Authorized('deliveries:read')
  @Query(() => [DestinationType], {
    complexity: listComplexity,
    description: 'The destinations of this workspace, by key. Scope deliveries:read.',
  })
  async destinations(@Asked() { database, workspace }: Question): Promise<Destination[]> {
    return (await listDestinations(database, workspace.id)).map(shown);
  }

  @Authorized('deliveries:write')
  @Mutation(() => DestinationResult, {
    description: 'Pauses a destination: its deliveries wait, those under way end by themselves. Scope deliveries:write.',
  })
  pauseDestination(
    @Arg('key', () => String, { description: 'Key of the destination.' }) key: string,
    @Arg('reason', () => String, { description: 'Why, for whoever wonders.' }) reason: string,
    @Asked() { database, workspace }: Question,
  ): Promise<Destination | undefined> {
    return answering([UnknownDestination], async () => {
      await pauseDestination(database, workspace.id, { key, reason: reason.slice(0, 500) });
      return one({ database, workspace }, key);
    });
  }

  @Authorized('deliveries:write')
  @Mutation(() => DestinationResult, { description: 'Lets a paused destination send what waited. Scope deliveries:write.' })
  resumeDestination(
    @Arg('key', () => String, { description: 'Key of the destination.' }) key: string,
    @Asked() { database, workspace }: Question,
  ): Promise<Destination | undefined> {
    return answering([UnknownDestination], async () => {
      await resumeDestination(database, workspace.id, key);
      return one({ database, workspace }, key);
    });
  }

  @Authorized('operate')
  @Mutation(() => DestinationResult, {
    description:
      'Writes down, redacted, what is said to this partner for so many minutes (60 at most, 0 ends it); read it with `deliveryLog`. Scope operate.',
  })
  watchDestination(
    @Arg('key', () => String, { description: 'Key of the destination.' }) key: string,
    @Arg('minutes', () => Int, { description: 'For how long.' }) minutes: number,
    @Asked() { database, workspace }: Question,
  ): Promise<Destination | undefined> {
    return answering([UnknownDestination], async () => {
      await watchDestination(database, workspace.id, { key, minutes });
      return one({ database, workspace }, key);
    });
  }
}

const shown = ({ debugUntil, ...rest }: DestinationRecord): Destination => ({ ...rest, watchedUntil: debugUntil });

async function one({ database, workspace }: Pick<Question, 'database' | 'workspace'>, key: string): Promise<Destination | undefined> {
  const found = (await listDestinations(database, workspace.id)).find((destination) => destination.key === key);
  return found && shown(found);
}
