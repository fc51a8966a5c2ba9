import { Customer } from '@enishi/plugin-sdk/graphql';
import { createUnionType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { Identity, IdentityInput } from '../customer/identity.type.ts';
import { InvalidIdentifier, LinkNotFound, problemType } from '../problems.ts';
import { DateTime, Json } from '../scalars.ts';

export const LinkStatus = { LIVE: 'LIVE', HELD: 'HELD', REVOKED: 'REVOKED' } as const;
export type LinkStatus = (typeof LinkStatus)[keyof typeof LinkStatus];
registerEnumType(LinkStatus, {
  name: 'LinkStatus',
  description: 'Whether a link ties.',
  valuesConfig: {
    LIVE: { description: 'It ties two identities into one customer.' },
    HELD: { description: 'A protection limit refused it; the two stay apart.' },
    REVOKED: { description: 'Somebody took it back; the two stay apart.' },
  },
});

@ObjectType({ description: 'A tie between two identities, with its evidence.', simpleResolvers: true })
export class Link {
  @Field(() => ID, { description: 'Follows from the two identities and the rule.' })
  declare id: string;
  @Field(() => Identity, { nullable: true, description: 'One end.' })
  declare a: Identity | null;
  @Field(() => Identity, { nullable: true, description: 'The other end.' })
  declare b: Identity | null;
  @Field(() => String, { description: 'Why they were tied, such as `same-event`.' })
  declare rule: string;
  @Field(() => LinkStatus, { description: 'Whether it ties now.' })
  declare status: LinkStatus;
  @Field(() => Json, { description: 'What it rests on: event, operator, score.' })
  declare evidence: unknown;
  @Field(() => DateTime, { description: 'When it was made.' })
  declare createdAt: string;
  @Field(() => DateTime, { nullable: true, description: 'When somebody last decided about it.' })
  declare decidedAt: string | null;
  @Field(() => String, { nullable: true, description: 'Who decided.' })
  declare decidedBy: string | null;
  @Field(() => String, { nullable: true, description: 'Why it is held or revoked.' })
  declare reason: string | null;
}

@InputType({ description: 'Two identifiers that somebody says belong to one person.' })
export class AssertLinkInput {
  @Field(() => IdentityInput, { description: 'One identifier.' })
  declare a: IdentityInput;
  @Field(() => IdentityInput, { description: 'The other.' })
  declare b: IdentityInput;
  @Field(() => String, { description: 'How you know, for the evidence.' })
  declare reason: string;
}

@ObjectType({ description: 'A link that was asserted.', simpleResolvers: true })
export class LinkAsserted {
  @Field(() => ID, { description: 'Id of the link.' })
  declare id: string;
  @Field(() => LinkStatus, { description: 'LIVE, or HELD where a protection limit refused it.' })
  declare status: LinkStatus;
  @Field(() => Customer, { nullable: true, description: 'The customer who holds the first identity now.' })
  declare customer: Customer | null;
}

@ObjectType({ description: 'A link that was revoked.', simpleResolvers: true })
export class LinkRevoked {
  @Field(() => ID, { description: 'Id of the link.' })
  declare id: string;
  @Field(() => [Customer], { description: 'The customers there are now where there was one; one alone where other links still tie them.' })
  declare customers: Customer[];
}

export const AssertLinkResult = createUnionType({
  name: 'AssertLinkResult',
  description: 'The link, or why it could not be made.',
  types: () => [LinkAsserted, InvalidIdentifier] as const,
  resolveType: problemType('LinkAsserted'),
});

export const RevokeLinkResult = createUnionType({
  name: 'RevokeLinkResult',
  description: 'What became of the customer, or why nothing did.',
  types: () => [LinkRevoked, LinkNotFound] as const,
  resolveType: problemType('LinkRevoked'),
});
