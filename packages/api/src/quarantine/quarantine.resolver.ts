import { type ConnectionTree, type Receipt, replayQuarantined } from '@enishi/core';
import { Arg, Args, Authorized, ID, Mutation, Query, Resolver } from 'type-graphql';
import { pageComplexity } from '../complexity.ts';
import { badInput } from '../errors.ts';
import { receiptsOf } from '../event/receipt.ts';
import { EventReceipt } from '../event/receipt.type.ts';
import { isId } from '../ids.ts';
import { Asked, type Question } from '../question.ts';
import { QuarantineArgs, QuarantinedEventConnection } from './quarantine.type.ts';

const mostReplayed = 500;

@Resolver()
export class QuarantineResolver {
  @Authorized('quarantine:read')
  @Query(() => QuarantinedEventConnection, {
    complexity: pageComplexity,
    description: 'The events that were kept aside, newest first. Scope quarantine:read.',
  })
  quarantinedEvents(
    @Args(() => QuarantineArgs) _args: QuarantineArgs,
    @Asked() { reader, workspace, selected }: Question,
  ): Promise<ConnectionTree> {
    return reader.quarantined(workspace.id, selected());
  }

  @Authorized('quarantine:write')
  @Mutation(() => [EventReceipt], {
    description: `Sends up to ${mostReplayed} events that were kept aside through the line again, once the cause is mended. Scope quarantine:write.`,
  })
  async replayQuarantined(
    @Arg('ids', () => [ID], { description: 'Ids of the events.' }) ids: string[],
    @Asked() question: Question,
  ): Promise<EventReceipt[]> {
    if (ids.length > mostReplayed)
      throw badInput(`${ids.length} events in one call; the limit is ${mostReplayed}`, { limit: mostReplayed, actual: ids.length });
    const receipts = await replayQuarantined(question.line, question.workspace, ids.filter(isId));
    return receiptsOf(
      ids.map((id) => receipts.get(id) ?? notWaiting(id)),
      question,
    );
  }
}

const notWaiting = (id: string): Receipt => ({
  status: 'REJECTED',
  id,
  violations: [{ path: '', message: 'no event of this id waits in quarantine' }],
});
