import { liftSuppression, listSuppressed, normaliseIdentifier } from '@enishi/core';
import { Arg, Args, Authorized, Mutation, Query, Resolver } from 'type-graphql';
import { pageComplexity } from '../complexity.ts';
import { IdentityInput } from '../customer/identity.type.ts';
import { badInput } from '../errors.ts';
import { Asked, type Question } from '../question.ts';
import { SuppressedAddressArgs, SuppressedAddressPage } from './suppressed-address.type.ts';

@Resolver()
export class SuppressedAddressResolver {
  @Authorized('deliveries:read', 'customers:read')
  @Query(() => SuppressedAddressPage, {
    complexity: pageComplexity,
    description: 'Addresses that take nothing more on a channel. Scopes deliveries:read, customers:read.',
  })
  async suppressedAddresses(
    @Args(() => SuppressedAddressArgs) { channel, first, after }: SuppressedAddressArgs,
    @Asked() { database, workspace }: Question,
  ): Promise<SuppressedAddressPage> {
    const most = Math.min(Math.max(first ?? 100, 1), 1000);
    const rows = await listSuppressed(database, workspace.id, {
      channel: channel ?? undefined,
      after: after ? positionOf(after) : undefined,
      first: most + 1,
    });
    const addresses = rows.slice(0, most);
    const last = addresses.at(-1);
    return { addresses, next: rows.length > most && last ? `${last.identityId}/${last.channel}` : null };
  }

  @Authorized('deliveries:write')
  @Mutation(() => Boolean, {
    description:
      'Lets an address take messages on a channel again; answers whether it was suppressed. What was not sent because of it can be replayed. Scope deliveries:write.',
  })
  async liftSuppression(
    @Arg('channel', () => String, { description: 'The channel.' }) channel: string,
    @Arg('address', () => IdentityInput, { description: 'The address.' }) { namespace, value }: IdentityInput,
    @Asked() { database, registry, workspace }: Question,
  ): Promise<boolean> {
    const identity = normaliseIdentifier(registry, workspace, { namespace, value });
    return identity !== undefined && liftSuppression(database, workspace.id, { channel, identityId: identity.id });
  }
}

function positionOf(cursor: string): { channel: string; identityId: string } {
  const [, identityId, channel] = /^([0-9a-f-]{36})\/(.+)$/.exec(cursor) ?? [];
  if (identityId === undefined || channel === undefined) throw badInput('after is no cursor of this list', {});
  return { channel, identityId };
}
