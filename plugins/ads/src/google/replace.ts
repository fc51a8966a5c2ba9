import { ComeBackLater, type Desk, GiveUp, type Outcome, type Recipient } from '@enishi/plugin-sdk';
import type { GoogleSettings } from '../settings.ts';
import { errorOf } from '../thrown.ts';
import { type DataManager, requestOf } from './data-manager.ts';
import { destinationOf, membersPerCall } from './post.ts';
import { followedRequests, isOpen, type RequestStatus, requestStatus } from './requests.ts';

/** Everybody put into a list once, and what Google calls the work that made. */
interface Intake {
  readonly since: string;
  readonly requests: readonly string[];
}

export interface Replacing {
  readonly settings: GoogleSettings;
  readonly call: DataManager;
  /** Puts in those of these people who may be in. */
  readonly putIn: (people: readonly Recipient[], list: string, desk: Desk) => Promise<readonly Outcome[]>;
}

const dayInSeconds = 86_400;
const halfAnHour = 1800;

/**
 * Makes a list exactly these people. Google accepts them first and takes them in later, and whoever was there before may go only
 * when that has ended well: otherwise the list would be empty for hours, or for good. So where Google is not done yet nobody goes,
 * and whoever asks again within a day finishes it. Source: Google, Data Manager API, "Replace all members".
 */
export function replacer({ settings, call, putIn }: Replacing) {
  const keyOf = (list: string): string => `google.replacing/${list}`;

  /** Throws while Google is at it, and where it failed: then all begins anew. */
  const requireTakenIn = async ({ requests }: Intake, list: string, desk: Desk): Promise<void> => {
    const states: RequestStatus[] = [];
    for (const request of requests) states.push(await requestStatus(call, request, desk));
    const failed = states.find((state) => !isOpen(state) && state.status !== 'SUCCESS' && state.status !== 'PARTIAL_SUCCESS');
    if (failed !== undefined) {
      await desk.state.delete(keyOf(list));
      throw new GiveUp(`Google did not take these people in, so nobody was taken out: ${failed.status} ${failed.words}`.trim());
    }
    const left = states.filter(isOpen).length;
    const pace = `${left} of ${states.length} requests`;
    if (left > 0) throw new ComeBackLater(halfAnHour, `Google is still taking these people in (${pace}): ask again in half an hour`);
  };

  const taken = async (people: readonly Recipient[], list: string, desk: Desk): Promise<string[]> => {
    const outcomes = await putIn(people, list, desk);
    const requests = outcomes.flatMap((outcome) => (outcome.status === 'delivered' ? [outcome.reference ?? ''] : []));
    // Somebody whom Google cannot read is left out; where it takes nobody at all, it is the call that is wrong.
    for (const outcome of outcomes)
      if (outcome.status !== 'delivered' && (outcome.status !== 'rejected' || requests.length === 0)) throw errorOf(outcome);
    return requests.filter(Boolean);
  };

  return async (list: string, everybody: AsyncIterable<Recipient>, desk: Desk): Promise<void> => {
    const earlier = await desk.state.get<Intake>(keyOf(list));
    if (earlier !== undefined) await requireTakenIn(earlier, list, desk);
    const since = desk.now().toISOString();
    const requests = new Set<string>();
    for await (const people of inBatches(everybody)) for (const request of await taken(people, list, desk)) requests.add(request);
    // What is only checked never ends.
    const mine: Intake = { since, requests: settings.validateOnly ? [] : [...requests] };
    if (earlier === undefined) {
      await desk.state.set(keyOf(list), mine, { forSeconds: dayInSeconds });
      await requireTakenIn(mine, list, desk);
    }
    const { since: removeAsOfTime } = earlier ?? mine;
    const body = { destinations: [destinationOf(settings, list)], removeAsOfTime, validateOnly: settings.validateOnly };
    const answer = await call({ path: '/v1/audienceMembers:removeAll', body }, desk);
    if (!answer.ok) throw errorOf(answer.outcome);
    await desk.state.delete(keyOf(list));
    const request = requestOf(answer.body);
    if (request !== undefined && !settings.validateOnly) await followedRequests(call).follow(request, desk);
  };
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
