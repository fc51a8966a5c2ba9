import type { StateStore } from '@enishi/plugin-sdk';
import { retryKey } from './retry-key.ts';
import type { Answer } from './sender.ts';

/** As long as LINE remembers a retry key. */
const day = { forSeconds: 86_400 };
/** Longer than a call may take: whoever is silent for so long has died. */
const asking = { forSeconds: 120 };

/** What is certain about a key: who was in the request LINE took, and whether the others of its group were in an earlier one. */
export interface Certain {
  readonly sent: 'everybody' | readonly string[];
  readonly others: 'unsent' | 'unknown';
}

const memberKey = (id: string): string => `multicast/${id}`;
const freeKey = (key: string): string => `free/${key}`;
const askingKey = (key: string): string => `asking/${key}`;
const askedKey = (key: string): string => `asked/${key}`;
const certainKey = (key: string): string => `certain/${key}`;

/**
 * What is known of multicasts, kept before they go out. LINE knows nothing but keys, and a retry may bring only some of a group:
 * "accepted before" then speaks of the whole group, or of those an earlier retry brought.
 */
export const groupsIn = (state: StateStore) => ({
  /** The key of the multicast a delivery was in. */
  keyOf: (id: string): Promise<string | undefined> => state.get<string>(memberKey(id)),
  /** A new group, and the key it goes out with. */
  begin: async (ids: readonly string[]): Promise<string> => {
    const key = retryKey(ids);
    await Promise.all([state.set(freeKey(key), true, day), ...ids.map((id) => state.set(memberKey(id), key, day))]);
    return key;
  },
  certain: (key: string): Promise<Certain | undefined> => state.get<Certain>(certainKey(key)),
  /** Whom the latest retry brought; `undefined` while there was none and the whole group is in question. */
  asked: (key: string): Promise<readonly string[] | undefined> => state.get<readonly string[]>(askedKey(key)),
  /**
   * Whether this caller may ask with the key: one at a time, until `release` or `settleAgain`. Who died while asking holds it no longer
   * than twice the time a call may take: at the first look there is only a doubt, since somebody may be about to sign.
   */
  mayAsk: async (key: string): Promise<boolean> => {
    const free = (await state.take(freeKey(key))) !== undefined;
    const holder = free ? undefined : await state.get<'asker' | 'doubt'>(askingKey(key));
    if (!free && holder === undefined) await state.set(askingKey(key), 'doubt', day);
    if (!free && holder !== 'doubt') return false;
    await state.set(askingKey(key), 'asker', asking);
    return true;
  },
  release: (key: string): Promise<void> => state.set(freeKey(key), true, day),
  /** Kept before the request goes out: from then on LINE's word about the key may be about these alone. */
  willAsk: (key: string, ids: readonly string[]): Promise<void> => state.set(askedKey(key), ids, day),
  /** Keeps what LINE said to a whole group at its first attempt. */
  settle: async (key: string, answer: Answer): Promise<void> => {
    const unsent: Certain = { sent: [], others: 'unsent' };
    if (answer === 'refused' || answer === 'refuses-recipients') await state.set(certainKey(key), unsent, day);
  },
  /** Keeps what LINE said to those of a group a retry brought; `before` is whom the one before it had brought. */
  settleAgain: async (key: string, answer: Answer, { ids, before }: Retry): Promise<void> => {
    // A refusal says nothing about an earlier request whose answer was lost, and this one did not count.
    if (answer === 'refused') await (before === undefined ? state.delete(askedKey(key)) : state.set(askedKey(key), before, day));
    if (answer === 'refused' || answer === 'unclear') return state.set(freeKey(key), true, day);
    await state.set(certainKey(key), certainAfter(answer, { ids, before }), day);
  },
});

interface Retry {
  readonly ids: readonly string[];
  readonly before: readonly string[] | undefined;
}

const certainAfter = (answer: Answer, { ids, before }: Retry): Certain => {
  if (answer === 'taken') return { sent: ids, others: 'unsent' };
  // Whoever is refused now was in every request before: none of them was taken.
  if (answer === 'refuses-recipients') return { sent: [], others: 'unsent' };
  return { sent: before ?? 'everybody', others: 'unknown' };
};
