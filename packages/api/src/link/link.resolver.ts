import { assertLink, normaliseIdentifier, revokeLink, type Tree } from '@enishi/core';
import { Arg, Authorized, ID, Mutation, Resolver } from 'type-graphql';
import { requireLinkId } from '../ids.ts';
import { answering, InvalidIdentifier, LinkNotFound } from '../problems.ts';
import { Asked, type Question } from '../question.ts';
import { below } from '../selection.ts';
import { AssertLinkInput, AssertLinkResult, RevokeLinkResult } from './link.type.ts';

@Resolver()
export class LinkResolver {
  @Authorized('links:write', 'customers:read')
  @Mutation(() => AssertLinkResult, {
    description:
      'Says that two identifiers belong to one person. Revocable, and held back where a protection limit forbids it. Scopes links:write, customers:read.',
  })
  assertLink(
    @Arg('input', () => AssertLinkInput, { description: 'The two identifiers.' }) { a, b, reason }: AssertLinkInput,
    @Asked() { caller, line, reader, registry, workspace, selection }: Question,
  ): Promise<{ id: string; status: string; customer: Tree | null }> {
    return answering([InvalidIdentifier], async () => {
      const { id, status } = await assertLink(line, workspace, { a, b, by: caller.keyId, reason });
      const holder = normaliseIdentifier(registry, workspace, a);
      const wanted = below({ field: '', select: selection('LinkAsserted') }, 'customer');
      return { id, status, customer: (holder && (await reader.customer(workspace.id, holder.id, wanted))) ?? null };
    });
  }

  @Authorized('links:write', 'customers:read')
  @Mutation(() => RevokeLinkResult, {
    description:
      'Takes a link back: what was known of each side before falls back to it, exactly, and the two are not tied again. Scopes links:write, customers:read.',
  })
  revokeLink(
    @Arg('id', () => ID, { description: 'Id of the link.' }) id: string,
    @Arg('reason', () => String, { description: 'Why, for the record.' }) reason: string,
    @Asked() { caller, line, reader, workspace, selection }: Question,
  ): Promise<{ id: string; customers: (Tree | undefined)[] }> {
    return answering([LinkNotFound], async () => {
      const { customers } = await revokeLink(line, workspace, { link: requireLinkId(id), by: caller.keyId, reason });
      const wanted = below({ field: '', select: selection('LinkRevoked') }, 'customers');
      return { id, customers: await Promise.all(customers.map((customer) => reader.customer(workspace.id, customer, wanted))) };
    });
  }
}
