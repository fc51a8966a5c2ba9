import type { Context } from '@enishi/plugin-sdk/graphql';
import { accountLinked, deauthorized, permissionsChanged } from '../events/account.ts';
import { permissionNames } from '../permissions.ts';

interface Decided {
  readonly granted: readonly string[];
  readonly declined: readonly string[];
  readonly at: Date;
}

/** What a customer permits now, by the newest event that says so; `undefined` for somebody who never connected an account. */
export async function decidedBy(context: Context, customerId: string): Promise<Decided | undefined> {
  const [linked, changed, gone] = await Promise.all([
    context.events(customerId, accountLinked, 1),
    context.events(customerId, permissionsChanged, 1),
    context.events(customerId, deauthorized, 1),
  ]);
  // In this order, so that of two at one instant the more careful one counts.
  return [
    ...linked.map(({ at, properties: { granted, declined } }) => ({ at, granted, declined })),
    ...changed.map(({ at, properties: { granted, declined } }) => ({ at, granted, declined })),
    ...gone.map(({ at }) => ({ at, granted: [], declined: permissionNames })),
  ].reduce<Decided | undefined>((held, next) => (held === undefined || next.at >= held.at ? next : held), undefined);
}

export const permits = async (context: Context, customerId: string, permission: string): Promise<boolean> =>
  (await decidedBy(context, customerId))?.granted.includes(permission) === true;
