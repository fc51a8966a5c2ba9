import { type ConnectionTree, InvalidIdentifier, normaliseIdentifier, parseRule, type Tree } from '@enishi/core';
import { Arg, Args, Authorized, ID, Query, Resolver } from 'type-graphql';
import { pageComplexity } from '../complexity.ts';
import { ForwardArgs } from '../connection.ts';
import { Asked, type Question } from '../question.ts';
import { Json } from '../scalars.ts';
import { Customer, CustomerConnection } from './customer.type.ts';
import { IdentityInput } from './identity.type.ts';

@Resolver()
export class CustomerResolver {
  @Authorized('customers:read')
  @Query(() => Customer, {
    nullable: true,
    description:
      'A customer by id; null if there is none. An id that was merged into another answers with the survivor. Scope customers:read.',
  })
  customer(
    @Arg('id', () => ID, { description: 'Id of the customer.' }) id: string,
    @Asked() { reader, workspace, selection }: Question,
  ): Promise<Tree | undefined> {
    return reader.customer(workspace.id, id, selection());
  }

  @Authorized('customers:read')
  @Query(() => Customer, {
    nullable: true,
    description:
      'The customer who holds an identifier; null if nobody does. Error INVALID_IDENTIFIER for what can identify nobody. Scope customers:read.',
  })
  customerBy(
    @Arg('identity', () => IdentityInput, { description: 'The identifier, in any usual spelling.' }) identity: IdentityInput,
    @Asked() { reader, registry, workspace, selection }: Question,
  ): Promise<Tree | undefined> {
    const known = normaliseIdentifier(registry, workspace, identity);
    if (known === undefined) throw new InvalidIdentifier(identity.namespace, 'it is malformed, a placeholder, or of an unknown kind');
    return reader.customer(workspace.id, known.id, selection());
  }

  @Authorized('customers:read')
  @Query(() => CustomerConnection, {
    complexity: pageComplexity,
    description:
      'The customers a rule holds for now, by id. Errors INVALID_RULE with `violations`, RULES_BUSY, RULE_TOO_SLOW. Scope customers:read.',
  })
  customers(
    @Arg('rule', () => Json, { description: 'The rule, as data: see the rule language in the documentation.' }) rule: unknown,
    @Args(() => ForwardArgs) _page: ForwardArgs,
    @Asked() { reader, workspace, selected }: Question,
  ): Promise<ConnectionTree> {
    return reader.customersByRule(workspace.id, parseRule(rule), selected());
  }
}
