import type { Desk, Outcome, Recipient } from '@enishi/plugin-sdk';
import type { GoogleSettings } from '../settings.ts';
import { type DataManager, requestOf } from './data-manager.ts';
import { consentOf, type Member } from './member.ts';
import { followedRequests } from './requests.ts';

/** Source: Google, Data Manager API, "Limits". */
export const membersPerCall = 10_000;
/** How often a call is made again without the members that Google cannot read. */
const mostRounds = 5;

export interface Person {
  readonly recipient: Recipient;
  readonly members: readonly Member[];
}

interface Entry {
  readonly person: Person;
  readonly member: Member;
}

interface Work {
  readonly list: string;
  readonly people: readonly Person[];
}

export type Post = (operation: 'ingest' | 'remove', work: Work, desk: Desk) => Promise<Map<Person, Outcome>>;

/** Puts people into a list or takes them out: one outcome per person, and whoever Google cannot read costs nobody else their place. */
export function poster(settings: GoogleSettings, call: DataManager): Post {
  return async (operation, { list, people }, desk) => {
    const outcomes = new Map<Person, Outcome>();
    const note = ({ person }: Entry, outcome: Outcome): void => {
      const before = outcomes.get(person);
      if (before === undefined || before.status === 'delivered') outcomes.set(person, outcome);
    };
    const send = async (entries: readonly Entry[], rounds: number): Promise<void> => {
      if (entries.length === 0) return;
      const body = bodyOf(settings, { operation, list, entries });
      const answer = await call({ path: `/v1/audienceMembers:${operation}`, body }, desk);
      if (answer.ok) {
        const request = requestOf(answer.body);
        if (request !== undefined && !settings.validateOnly) await followedRequests(call).follow(request, desk);
        for (const entry of entries) note(entry, { status: 'delivered', ...(request === undefined ? {} : { reference: request }) });
        return;
      }
      const { refused, outcome } = answer;
      if (outcome.status !== 'rejected' || refused.size === 0 || rounds === 0) {
        for (const entry of entries) note(entry, outcome);
        return;
      }
      for (const [place, entry] of entries.entries()) {
        const words = refused.get(place);
        if (words !== undefined) note(entry, { status: 'rejected', reason: words });
      }
      await send(
        entries.filter((_, place) => !refused.has(place)),
        rounds - 1,
      );
    };
    const all = people.flatMap((person) => person.members.map((member) => ({ person, member })));
    for (let from = 0; from < all.length; from += membersPerCall) await send(all.slice(from, from + membersPerCall), mostRounds);
    return outcomes;
  };
}

interface Part {
  readonly operation: 'ingest' | 'remove';
  readonly list: string;
  readonly entries: readonly Entry[];
}

function bodyOf(settings: GoogleSettings, { operation, list, entries }: Part): Readonly<Record<string, unknown>> {
  const { adUserData, adPersonalization } = settings.consent;
  const byPerson = typeof adUserData !== 'string' || typeof adPersonalization !== 'string';
  const destinations = [destinationOf(settings, list)];
  const common = { destinations, encoding: 'HEX', validateOnly: settings.validateOnly };
  if (operation === 'remove') return { ...common, audienceMembers: entries.map(({ member }) => member) };
  const terms = { termsOfService: { customerMatchTermsOfServiceStatus: 'ACCEPTED' } };
  const consenting = ({ person, member }: Entry): Member => ({ ...member, consent: consentOf(person.recipient, settings.consent) });
  if (byPerson) return { ...common, ...terms, audienceMembers: entries.map(consenting) };
  const consent = { adUserData: `CONSENT_${adUserData}`, adPersonalization: `CONSENT_${adPersonalization}` };
  return { ...common, ...terms, consent, audienceMembers: entries.map(({ member }) => member) };
}

const account = (number: string) => ({ accountType: 'GOOGLE_ADS', accountId: number.replaceAll('-', '') });

/** Where people are put: the account, and the manager account through which it is reached. */
export const destinationOf = (settings: GoogleSettings, list: string): Readonly<Record<string, unknown>> => ({
  operatingAccount: account(settings.operatingAccount),
  ...(settings.loginAccount === undefined ? {} : { loginAccount: account(settings.loginAccount) }),
  productDestinationId: list,
});
