import type { Context } from '@enishi/plugin-sdk/graphql';
import { type Account, turned } from '../account.ts';
import { accountLinked, deauthorized, permissionsChanged } from '../events/account.ts';
import { permissionNames } from '../permissions.ts';

interface Decided {
  readonly granted: readonly string[];
  readonly declined: readonly string[];
  readonly at: Date;
}

/** What a customer permits now; `undefined` for somebody who never connected an account. Notices come in no order, so the time of each counts. */
export async function decidedBy(context: Context, customerId: string): Promise<Decided | undefined> {
  const [linked, changed, gone] = await Promise.all([
    context.events(customerId, accountLinked, 1),
    context.events(customerId, permissionsChanged, mostChanges),
    context.events(customerId, deauthorized, 1),
  ]);
  const newest = Math.max(...[...linked, ...changed, ...gone].map(({ at }) => at.getTime()));
  if (!Number.isFinite(newest)) return undefined;
  // In this order, so that of two at one instant the more careful one counts.
  const start = [
    ...linked.map(({ at, properties: { granted, declined } }) => ({ granted, declined, linkedAt: at.toISOString() })),
    ...gone.map(({ at }) => ({ granted: [], declined: permissionNames, linkedAt: at.toISOString() })),
  ].reduce((held, next) => (next.linkedAt >= held.linkedAt ? next : held), neverConnected);
  const { granted, declined } = changed.reduce(
    (account, { at, properties: { permission, verb } }) => turned(account, { permission, granted: verb === 'granted', at }),
    start,
  );
  return { granted, declined, at: new Date(newest) };
}

/** Since they connected; whoever turned more than that shows what the newest of them say. */
const mostChanges = 50;
const neverConnected: Account = { granted: [], declined: [], linkedAt: new Date(0).toISOString() };

export const permits = async (context: Context, customerId: string, permission: string): Promise<boolean> =>
  (await decidedBy(context, customerId))?.granted.includes(permission) === true;
