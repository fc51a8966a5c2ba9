import type { ConsentDecision, ConsentState, Desk } from '@enishi/plugin-sdk';
import { isPermission, permissionNames, permissions } from './permissions.ts';
import type { Settings } from './settings.ts';

/** What is remembered of a connected account. */
export interface Account {
  readonly granted: readonly string[];
  readonly declined: readonly string[];
  /** ISO 8601. */
  readonly linkedAt: string;
}

const accountKey = (user: string): string => `account:${user}`;
const tokenKey = (user: string): string => `token:${user}`;

export const accountOf = (desk: Desk, user: string): Promise<Account | undefined> => desk.state.get<Account>(accountKey(user));
export const keepAccount = (desk: Desk, user: string, account: Account): Promise<void> => desk.state.set(accountKey(user), account);

export const tokenOf = (desk: Desk, user: string): Promise<string | undefined> => desk.state.get<string>(tokenKey(user));
export const keepToken = (desk: Desk, user: string, token: string): Promise<void> =>
  desk.state.set(tokenKey(user), token, { secret: true });
export const dropToken = (desk: Desk, user: string): Promise<void> => desk.state.delete(tokenKey(user));

export async function forgetAccount(desk: Desk, user: string): Promise<void> {
  await dropToken(desk, user);
  await desk.state.delete(accountKey(user));
}

/** The account after one permission was granted or taken back. */
export function withPermission(account: Account, permission: string, granted: boolean): Account {
  const without = (names: readonly string[]): string[] => names.filter((name) => name !== permission);
  return {
    ...account,
    granted: granted ? [...without(account.granted), permission] : without(account.granted),
    declined: granted ? without(account.declined) : [...without(account.declined), permission],
  };
}

/** Permissions speak about data, not about a way to reach somebody: under this name they say nothing about other channels. */
export const channel = 'facebook';

export interface Verdict {
  readonly state: ConsentState;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** A decision about each of these permissions, for each purpose. What is not a permission of ours is passed over. */
export const decisions = (
  names: readonly string[],
  { state, evidence }: Verdict,
  { purposes }: Pick<Settings, 'purposes'>,
): ConsentDecision[] =>
  names
    .filter(isPermission)
    .flatMap((name) =>
      purposes.map((purpose) => ({ purpose, channel, scope: permissions[name].name, state, evidence: { ...evidence, permission: name } })),
    );

/** Everything taken back at once. */
export const allWithdrawn = (evidence: Verdict['evidence'], settings: Pick<Settings, 'purposes'>): ConsentDecision[] =>
  decisions(permissionNames, { state: 'WITHDRAWN', evidence }, settings);
