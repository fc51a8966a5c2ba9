import { Arg, Authorized, Mutation, Resolver } from 'type-graphql';
import { badInput } from '../errors.ts';
import { Asked, type Question } from '../question.ts';
import { receiptsOf } from './receipt.ts';
import { EventInput, EventReceipt } from './receipt.type.ts';

/** What one transaction of the line takes comfortably; a larger import belongs into files. */
const mostEvents = 1000;

@Resolver()
export class EventResolver {
  @Authorized('events:write')
  @Mutation(() => [EventReceipt], {
    description: `Takes in up to ${mostEvents} events and answers one receipt for each, in order, when they are stored and counted. Scope events:write.`,
  })
  async ingestEvents(
    @Arg('events', () => [EventInput], { description: 'The events.' }) events: EventInput[],
    @Asked() question: Question,
  ): Promise<EventReceipt[]> {
    if (events.length > mostEvents)
      throw badInput(`${events.length} events in one call; the limit is ${mostEvents}`, { limit: mostEvents, actual: events.length });
    const { caller, line, workspace } = question;
    return receiptsOf(await line.accept(workspace, caller.source, events.map(withoutNulls)), question);
  }
}

/** GraphQL says null where a key was left out. */
export const withoutNulls = (input: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null && value !== undefined));
