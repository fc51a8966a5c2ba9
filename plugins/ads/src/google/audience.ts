import { type AudienceChange, type AudienceDestination, audience, type Desk, type Outcome, type Recipient } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { rememberedLists } from '../lists.ts';
import type { Telling } from '../person.ts';
import type { GoogleSettings } from '../settings.ts';
import { errorOf, type Failure } from '../thrown.ts';
import { dataManager } from './data-manager.ts';
import { consentOf, membersOf } from './member.ts';
import { destinationOf, membersPerCall, type Person, poster } from './post.ts';
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
const denied: Outcome = { status: 'rejected', reason: 'no consent to adUserData: not sent, and taken out of the list' };

/** Customer Match lists of a Google Ads account, by the Data Manager API. */
export function googleDestination({ settings, telling, address }: GoogleAudience): AudienceDestination {
  const call = dataManager(settings);
  const post = poster(settings, call);

  const told = (recipient: Recipient): Person => ({ recipient, members: membersOf(recipient, telling) });
  const allows = ({ recipient }: Person): boolean => consentOf(recipient, settings.consent).adUserData === 'CONSENT_GRANTED';

  const apply = async (changes: readonly AudienceChange<GoogleMessage>[], desk: Desk): Promise<readonly Outcome[]> => {
    const [first] = changes;
    if (first === undefined) return [];
    const list = first.message.userList;
    await followedRequests(call).look(desk);
    if (first.operation === 'ADD') await rememberedLists(desk.state, 'google').remember(list);
    const people = changes.map(({ recipient }) => told(recipient));
    const known = people.filter(({ members }) => members.length > 0);
    const comes = (person: Person): boolean => first.operation === 'ADD' && allows(person);
    const added = await post('ingest', { list, people: known.filter(comes) }, desk);
    const removed = await post('remove', { list, people: known.filter((person) => !comes(person)) }, desk);
    return people.map((person) => {
      const outcome = added.get(person) ?? removed.get(person) ?? nobody;
      return first.operation === 'ADD' && outcome.status === 'delivered' && !comes(person) ? denied : outcome;
    });
  };

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
    replace: async ({ userList: list }, everybody, desk) => {
      await rememberedLists(desk.state, 'google').remember(list);
      const since = desk.now().toISOString();
      for await (const people of inBatches(everybody)) {
        const welcome = people.map(told).filter((person) => person.members.length > 0 && allows(person));
        for (const outcome of (await post('ingest', { list, people: welcome }, desk)).values())
          if (outcome.status !== 'delivered' && outcome.status !== 'rejected') throw errorOf(outcome);
      }
      // Whoever was not just put in again was there before, and is not among these people.
      const body = { destinations: [destinationOf(settings, list)], removeAsOfTime: since, validateOnly: settings.validateOnly };
      const answer = await call({ path: '/v1/audienceMembers:removeAll', body }, desk);
      if (!answer.ok) throw errorOf(answer.outcome);
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
      const failed = await followedRequests(call).check(desk);
      if (failed !== undefined) throw new Error(failed);
    },
  });
}

async function* inBatches(everybody: AsyncIterable<Recipient>): AsyncIterable<Recipient[]> {
  let waiting: Recipient[] = [];
  for await (const recipient of everybody) {
    waiting.push(recipient);
    if (waiting.length < membersPerCall) continue;
    yield waiting;
    waiting = [];
  }
  if (waiting.length > 0) yield waiting;
}
