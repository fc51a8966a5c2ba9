import { Arg, Authorized, Mutation, Resolver } from 'type-graphql';
import { badInput } from '../errors.ts';
import { withoutNulls } from '../event/event.resolver.ts';
import { receiptsOf } from '../event/receipt.ts';
import { EventReceipt } from '../event/receipt.type.ts';
import { Asked, type Question } from '../question.ts';
import { ConsentInput } from './consent.type.ts';

const most = 1000;

@Resolver()
export class ConsentResolver {
  @Authorized('consents:write')
  @Mutation(() => [EventReceipt], {
    description: `Writes the decisions of up to ${most} people into the ledger and answers one receipt for each, in order. Scope consents:write.`,
  })
  async recordConsents(
    @Arg('consents', () => [ConsentInput], { description: 'Who decided what.' }) consents: ConsentInput[],
    @Asked() question: Question,
  ): Promise<EventReceipt[]> {
    if (consents.length > most)
      throw badInput(`${consents.length} consents in one call; the limit is ${most}`, { limit: most, actual: consents.length });
    const { caller, line, workspace } = question;
    const submissions = consents.map(({ id, at, identifiers, decisions }) => ({
      type: 'enishi.consent_recorded',
      ...withoutNulls({ id, at: at ?? new Date() }),
      identifiers,
      properties: {},
      consents: decisions.map(withoutNulls),
    }));
    return receiptsOf(await line.accept(workspace, caller.source, submissions), question);
  }
}
