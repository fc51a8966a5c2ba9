import type { Desk } from '@enishi/plugin-sdk';
import { emptyTally, type Tally } from './checkin/tally.ts';

const tokenKey = (user: string): string => `token:${user}`;
const tallyKey = (user: string): string => `tally:${user}`;

export const tokenOf = (desk: Desk, user: string): Promise<string | undefined> => desk.state.get<string>(tokenKey(user));
export const keepToken = (desk: Desk, user: string, token: string): Promise<void> =>
  desk.state.set(tokenKey(user), token, { secret: true });

export const tallyOf = async (desk: Desk, user: string): Promise<Tally> => (await desk.state.get<Tally>(tallyKey(user))) ?? emptyTally;
export const keepTally = (desk: Desk, user: string, tally: Tally): Promise<void> => desk.state.set(tallyKey(user), tally);

export async function forgetAccount(desk: Desk, user: string): Promise<void> {
  await desk.state.delete(tokenKey(user));
  await desk.state.delete(tallyKey(user));
}
