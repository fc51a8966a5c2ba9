import { type AudienceChange, type AudienceDestination, audience, type Desk, type Outcome, type Recipient } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { rememberedLists } from '../lists.ts';
import type { Telling } from '../person.ts';
import type { GoogleSettings } from '../settings.ts';
import { errorOf, type Failure } from '../thrown.ts';
import { dataManager } from './data-manager.ts';
import { consentGate } from './gate.ts';
import { membersOf } from './member.ts';
import { membersPerCall, type Person, poster } from './post.ts';
import { replacer } from './replace.ts';
import { followedRequests } from './requests.ts';

/** What a program holds for `ads.google`. */
export const googleMessage = z.strictObject({
  userList: z.string().regex(/^\d+$/, 'digits').describe('Id of the Customer Match list.'),
});
export type GoogleMessage = z.output<typeof googleMessage>;

export interface GoogleAudience {
  readonly settings: GoogleSettings;
  readonly telling: Telling;
  readonly address: readonly [string, ...string[]];
}

const nobody: Outcome = { status: 'rejected', reason: 'the customer has nothing that Google could find them by' };

/** Customer Match lists of a Google Ads account, by the Data Manager API. */
export function googleDestination({ settings, telling, address }: GoogleAudience): AudienceDestination {
  const call = dataManager(settings);
  const post = poster(settings, call);
  const gate = consentGate(settings);

  const told = (recipient: Recipient): Person => ({ recipient, members: membersOf(recipient, telling) });
  const allows = ({ recipient }: Person): boolean => gate.allows(recipient);

  const apply = async (changes: readonly AudienceChange<GoogleMessage>[], desk: Desk): Promise<readonly Outcome[]> => {
    const [first] = changes;
    if (first === undefined) return [];
    const list = first.message.userList;
    await followedRequests(call).look(desk);
    if (first.operation === 'ADD') await rememberedLists(desk.state, 'google').remember(list);
    const asked = changes.map(({ recipient, cause: { segment } }) => ({ person: told(recipient), segment }));
    const known = asked.map(({ person }) => person).filter(({ members }) => members.length > 0);
    const comes = (person: Person): boolean => first.operation === 'ADD' && allows(person);
    const added = await post('ingest', { list, people: known.filter(comes) }, desk);
    const removed = await post('remove', { list, people: known.filter((person) => !comes(person)) }, desk);
    if (first.operation === 'ADD') await gate.note(asked.find(({ person }) => known.includes(person) && !allows(person))?.segment, desk);
    return asked.map(({ person, segment }) => {
      const outcome = added.get(person) ?? removed.get(person) ?? nobody;
      return first.operation === 'ADD' && outcome.status === 'delivered' && !comes(person) ? gate.refusal(segment) : outcome;
    });
  };

  const replace = replacer({
    settings,
    call,
    putIn: async (recipients, list, desk) => {
      const people = recipients.map(told).filter((person) => person.members.length > 0 && allows(person));
      return [...(await post('ingest', { list, people }, desk)).values()];
    },
  });

  return audience({
    description: 'Customer Match lists of a Google Ads account.',
    purpose: 'advertising',
    channel: 'ads',
    address,
    message: googleMessage,
    batchSize: membersPerCall,
    concurrency: 4,
    timeoutSeconds: 120,
    // Per cloud project. Source: Google, Data Manager API, "Limits".
    limits: [
      { calls: 300, perSeconds: 60 },
      { calls: 100_000, perSeconds: 86_400 },
    ],
    apply,
    replace: async ({ userList }, everybody, desk) => {
      await rememberedLists(desk.state, 'google').remember(userList);
      await replace(userList, everybody, desk);
    },
    onErase: async (recipient, desk) => {
      const person = told(recipient);
      if (person.members.length === 0) return;
      const refusals: Failure[] = [];
      // A list that is gone holds nobody.
      for (const list of await rememberedLists(desk.state, 'google').all())
        for (const outcome of (await post('remove', { list, people: [person] }, desk)).values())
          if (outcome.status !== 'delivered' && !outcome.reason.includes('INVALID_USER_LIST_ID')) refusals.push(outcome);
      const [refusal] = refusals;
      if (refusal !== undefined) throw errorOf(refusal);
    },
    healthCheck: async (desk) => {
      const failed = (await followedRequests(call).check(desk)) ?? (await gate.check(desk));
      if (failed !== undefined) throw new Error(failed);
    },
  });
}
