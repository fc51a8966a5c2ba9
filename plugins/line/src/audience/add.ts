import type { Desk } from '@enishi/plugin-sdk';
import { HTTPFetchError } from '@line/bot-sdk';
import type { Ask } from '../api.ts';
import { forget, hold, knownAs } from './group.ts';

/** Puts people into an audience; makes it where there is none. Adding somebody twice changes nothing. */
export async function addTo(name: string, userIds: readonly string[], { desk, ask }: { desk: Desk; ask: Ask }): Promise<void> {
  const people = userIds.map((id) => ({ id }));
  const known = await knownAs(name, { desk, ask });
  if (known !== undefined) {
    try {
      await ask(desk, ({ audiences }) => audiences.addAudienceToAudienceGroup({ audienceGroupId: known, audiences: people }));
      return;
    } catch (error) {
      // It has expired, or somebody deleted it in the manager: it begins anew below.
      if (!isGone(error)) throw error;
      await forget(desk, name);
    }
  }
  const made = await ask(desk, ({ audiences }) => audiences.createAudienceGroup({ description: name, audiences: people }));
  if (made.audienceGroupId === undefined) throw new Error('LINE made an audience without an id');
  await hold(desk, name, { groupId: made.audienceGroupId, madeAt: 0 });
}

/** LINE's word for an audience that is not there: `AUDIENCE_GROUP_NOT_FOUND`. */
export const isGone = (error: unknown): boolean =>
  error instanceof HTTPFetchError && (error.status === 404 || /AUDIENCE_GROUP_NOT_FOUND|audience group not found/i.test(error.body));
