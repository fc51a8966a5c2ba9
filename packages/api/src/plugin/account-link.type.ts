import { createUnionType, Field, ObjectType } from 'type-graphql';
import { InvalidIdentifier, problemType } from '../problems.ts';
import { DateTime } from '../scalars.ts';
import { UnknownSource } from './problems.ts';

@ObjectType({ description: 'A journey to connect an account.', simpleResolvers: true })
export class AccountLink {
  @Field(() => String, {
    description: "Where to send this person's browser. For them alone: whoever opens it connects an account of theirs.",
  })
  declare url: string;
  @Field(() => DateTime, { description: 'Until when they must be back.' })
  declare expiresAt: Date;
}

export const CreateAccountLinkResult = createUnionType({
  name: 'CreateAccountLinkResult',
  description: 'The journey, or why it cannot be begun.',
  types: () => [AccountLink, UnknownSource, InvalidIdentifier] as const,
  resolveType: problemType('AccountLink'),
});
