import { ArgsType, Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../scalars.ts';

@ObjectType({ description: 'An address that takes nothing more on a channel.', simpleResolvers: true })
export class SuppressedAddress {
  @Field(() => ID, { description: 'Id of the identity.' })
  declare identityId: string;
  @Field(() => String, { description: 'The channel.' })
  declare channel: string;
  @Field(() => String, { nullable: true, description: 'Kind of address; null where nobody has it any more.' })
  declare namespace: string | null;
  @Field(() => String, { nullable: true, description: 'The address; null where nobody has it any more.' })
  declare value: string | null;
  @Field(() => ID, { nullable: true, description: 'Whose it is.' })
  declare customerId: string | null;
  @Field(() => String, { description: 'Why: what the destination or a source said.' })
  declare reason: string;
  @Field(() => DateTime, { description: 'Since when.' })
  declare at: Date;
}

@ObjectType({ description: 'A page of suppressed addresses.', simpleResolvers: true })
export class SuppressedAddressPage {
  @Field(() => [SuppressedAddress], { description: 'By channel.' })
  declare addresses: readonly SuppressedAddress[];
  @Field(() => String, { nullable: true, description: 'Give it as `after` for the next page; null on the last.' })
  declare next: string | null;
}

@ArgsType()
export class SuppressedAddressArgs {
  @Field(() => String, { nullable: true, description: 'Only those of this channel.' })
  declare channel?: string | null;
  @Field(() => Int, { nullable: true, description: 'How many, 1000 at most. Default 100.' })
  declare first?: number | null;
  @Field(() => String, { nullable: true, description: 'Go on behind this page’s `next`.' })
  declare after?: string | null;
}
