import type { ConsentDecision, ConsentState, Desk } from '@enishi/plugin-sdk';
import { isPermission, permissionNames, permissions } from './permissions.ts';
import type { Settings } from './settings.ts';

/** What is remembered of a connected account. */
export interface Account {
  readonly granted: readonly string[];
  readonly declined: readonly string[];
  /** When all of it was decided together, ISO 8601. */
  readonly linkedAt: string;
  /** When single permissions were decided since, ISO 8601. */
  readonly turnedAt?: Readonly<Record<string, string>>;
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

/** One permission granted or taken back in the settings of Facebook; `connected` is the app as a whole. */
export interface Turn {
  readonly permission: string;
  readonly granted: boolean;
  readonly at: Date;
}

/** Without the app as a whole there is nothing left of what was permitted. */
export const endsAll = ({ permission, granted }: Pick<Turn, 'permission' | 'granted'>): boolean => permission === 'connected' && !granted;

/**
 * Whether something decided at `since` stands against a turn. Facebook sends notices late, twice and in no order, and dates them to
 * the second: within that second the more careful of two counts, which is the refusal.
 */
const stands = (since: string, { granted, at }: Pick<Turn, 'granted' | 'at'>): boolean =>
  Date.parse(since) >= at.getTime() + (granted ? 0 : 1000);

/** Whether the account was connected anew after it was taken back at this time. */
export const isConnectedSince = ({ linkedAt }: Account, at: Date): boolean => stands(linkedAt, { granted: false, at });

/** The account after a turn: the same from every order of arrival. What was decided later stands. */
export function turned(account: Account, turn: Turn): Account {
  const { granted, declined, linkedAt, turnedAt = {} } = account;
  const about = endsAll(turn) ? [...new Set([...permissionNames, ...granted])] : [turn.permission];
  const now = about.filter((name) => !stands(turnedAt[name] ?? linkedAt, turn));
  const others = (names: readonly string[]): string[] => names.filter((name) => !now.includes(name));
  return {
    granted: turn.granted ? [...others(granted), ...now] : others(granted),
    declined: turn.granted ? others(declined) : [...others(declined), ...now],
    linkedAt,
    turnedAt: { ...turnedAt, ...Object.fromEntries(now.map((name) => [name, turn.at.toISOString()])) },
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
