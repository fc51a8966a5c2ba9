import type { Desk, Recipient } from '@enishi/plugin-sdk';
import type { Ask } from '../api.ts';
import { isGone } from './add.ts';
import { hold, knownAs } from './group.ts';

/** LINE takes 1,500,000 ids in a file; fewer keep the memory of this process small. */
const mostPerFile = 500_000;

/**
 * Makes an audience exactly these people. LINE cannot take anybody out, so a new one is uploaded by file, the old one is deleted
 * and the new one gets its name. Until then the old one stands; its id changes, the name does not.
 */
export async function replaceAudience(name: string, everybody: AsyncIterable<Recipient>, { desk, ask }: { desk: Desk; ask: Ask }) {
  const madeAt = desk.now().getTime();
  let groupId: number | undefined;
  for await (const userIds of filesOf(everybody)) groupId = await upload(userIds, groupId);
  const old = await knownAs(name, { desk, ask });
  if (old !== undefined) await remove(old);
  const made = groupId;
  if (made === undefined) return void (await hold(desk, name, { groupId: await emptyOne(), madeAt }));
  await ask(desk, ({ audiences }) => audiences.updateAudienceGroupDescription(made, { description: name }));
  await hold(desk, name, { groupId: made, madeAt });

  async function upload(userIds: readonly string[], into: number | undefined): Promise<number> {
    const file = new Blob([userIds.join('\n')], { type: 'text/plain' });
    const uploaded = `${name} ${new Date(madeAt).toISOString()}`;
    if (into !== undefined) {
      await ask(desk, ({ files }) => files.addUserIdsToAudience(file, into, uploaded.slice(0, 120)));
      return into;
    }
    // A name of its own while the old one stands: LINE wants them unique.
    const description = `${name.slice(0, 90)} ${new Date(madeAt).toISOString()}`;
    const made = await ask(desk, ({ files }) => files.createAudienceForUploadingUserIds(file, description, false, description));
    if (made.audienceGroupId === undefined) throw new Error('LINE made an audience without an id');
    return made.audienceGroupId;
  }

  async function emptyOne(): Promise<number> {
    const made = await ask(desk, ({ audiences }) => audiences.createAudienceGroup({ description: name, audiences: [] }));
    if (made.audienceGroupId === undefined) throw new Error('LINE made an audience without an id');
    return made.audienceGroupId;
  }

  async function remove(id: number): Promise<void> {
    try {
      await ask(desk, ({ audiences }) => audiences.deleteAudienceGroup(id));
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
}

async function* filesOf(everybody: AsyncIterable<Recipient>): AsyncIterable<readonly string[]> {
  let userIds: string[] = [];
  for await (const { identifiers } of everybody) {
    userIds.push(...(identifiers['line.user'] ?? []));
    if (userIds.length < mostPerFile) continue;
    yield userIds;
    userIds = [];
  }
  if (userIds.length > 0) yield userIds;
}
