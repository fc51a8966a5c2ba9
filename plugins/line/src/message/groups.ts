import type { StateStore } from '@enishi/plugin-sdk';
import { retryKey } from './retry-key.ts';
import type { Answer } from './sender.ts';

/** As long as LINE remembers a retry key. */
const day = { forSeconds: 86_400 };
/** Longer than a call may take: whoever is silent for so long has died. */
const asking = { forSeconds: 120 };

/** For whom LINE has taken a key: all it was made for, or only these. */
type Taken = 'everybody' | readonly string[];

const memberKey = (id: string): string => `multicast/${id}`;
const freeKey = (key: string): string => `free/${key}`;
const askingKey = (key: string): string => `asking/${key}`;
const takenKey = (key: string): string => `taken/${key}`;

/**
 * What is known of multicasts, kept before they go out. A retry may bring only some of a group, and LINE knows nothing but
 * keys: were two parts of a group to ask at once, LINE would take the first and call the second "accepted before".
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
  takenFor: (key: string): Promise<Taken | undefined> => state.get<Taken>(takenKey(key)),
  /**
   * Whether this caller may ask with the key: one at a time, until `settle`. Who died while asking holds it no longer than twice
   * the time a call may take: at the first look there is only a doubt, since somebody may be about to sign.
   */
  mayAsk: async (key: string): Promise<boolean> => {
    const free = (await state.take(freeKey(key))) !== undefined;
    const holder = free ? undefined : await state.get<'asker' | 'doubt'>(askingKey(key));
    if (free || holder === 'doubt') await state.set(askingKey(key), 'asker', asking);
    else if (holder === undefined) await state.set(askingKey(key), 'doubt', day);
    return free || holder === 'doubt';
  },
  /** Keeps what LINE said to some of a group, asked `again` or for the first time as a whole. */
  settle: async (key: string, answer: Answer, { ids, again }: { ids: readonly string[]; again: boolean }): Promise<void> => {
    // A refusal now says nothing about an earlier request whose answer was lost.
    if (answer === 'unclear' || (answer === 'refused' && again)) return state.set(freeKey(key), true, day);
    if (answer === 'taken' && !again) return;
    const taken: Taken = answer === 'before' ? 'everybody' : answer === 'taken' ? ids : [];
    await state.set(takenKey(key), taken, day);
  },
});
