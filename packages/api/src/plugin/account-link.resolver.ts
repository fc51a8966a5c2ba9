import { beginJourney } from '@enishi/core';
import { Arg, Authorized, Mutation, Resolver } from 'type-graphql';
import { IdentityInput } from '../customer/identity.type.ts';
import { answering, InvalidIdentifier } from '../problems.ts';
import { Asked, type Question } from '../question.ts';
import { type AccountLink, CreateAccountLinkResult } from './account-link.type.ts';
import { UnknownSource } from './problems.ts';

@Resolver()
export class AccountLinkResolver {
  @Authorized('accounts:connect')
  @Mutation(() => CreateAccountLinkResult, {
    description:
      'Begins connecting an account, such as that of a social network, to somebody who is logged in with you: send their browser to the url. It counts once and lasts ten minutes. You vouch for the identifiers. Scope accounts:connect.',
  })
  createAccountLink(
    @Arg('source', () => String, { description: 'Key of the account link, such as `facebook.account`.' }) source: string,
    @Arg('identifiers', () => [IdentityInput], { description: 'Who they are, as your log-in knows them.' }) identifiers: IdentityInput[],
    @Asked() { database, plugins, registry, workspace }: Question,
  ): Promise<AccountLink> {
    return answering([UnknownSource, InvalidIdentifier], async () => {
      const { sources, publicUrl } = plugins;
      const request = { source, identifiers, now: new Date() };
      const { state, expiresAt } = await beginJourney({ database, registry, sources }, workspace, request);
      const query = new URLSearchParams({ state });
      return { url: `${publicUrl()}/links/${source.replace('.', '/')}/start?${query}`, expiresAt };
    });
  }
}
