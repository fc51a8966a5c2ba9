import type { Desk } from '@enishi/plugin-sdk';
import type { Ask } from '../api.ts';

/** What is known of an audience by its name. */
export interface Held {
  readonly groupId: number;
  /** When it was last made of everybody who belongs to it, in epoch milliseconds; 0 where it never was. */
  readonly madeAt: number;
}

const key = (name: string): string => `audience/${name.toLowerCase()}`;
const namesKey = 'audiences';

export const heldOf = (desk: Desk, name: string): Promise<Held | undefined> => desk.state.get<Held>(key(name));
export const forget = (desk: Desk, name: string): Promise<void> => desk.state.delete(key(name));
export const namesOf = async (desk: Desk): Promise<readonly string[]> => (await desk.state.get<string[]>(namesKey)) ?? [];

export async function hold(desk: Desk, name: string, held: Held): Promise<void> {
  await desk.state.set(key(name), held);
  const names = await namesOf(desk);
  if (!names.includes(name.toLowerCase())) await desk.state.set(namesKey, [...names, name.toLowerCase()]);
}

/** The audience of this name that this channel may change, where LINE has one already: names are unique there, whatever their case. */
async function findAudience(name: string, desk: Desk, ask: Ask): Promise<number | undefined> {
  const { audienceGroups = [] } = await ask(desk, ({ audiences }) =>
    audiences.getAudienceGroups(1, name, undefined, 40, false, 'MESSAGING_API'),
  );
  const same = audienceGroups.find(
    ({ description, type, status }) => description?.toLowerCase() === name.toLowerCase() && type === 'UPLOAD' && status !== 'EXPIRED',
  );
  return same?.audienceGroupId;
}

/** The id of the audience: as kept, or as LINE knows it where somebody else made it or what was kept is lost. */
export async function knownAs(name: string, { desk, ask }: { desk: Desk; ask: Ask }): Promise<number | undefined> {
  const held = await heldOf(desk, name);
  if (held !== undefined) return held.groupId;
  const groupId = await findAudience(name, desk, ask);
  if (groupId !== undefined) await hold(desk, name, { groupId, madeAt: 0 });
  return groupId;
}
