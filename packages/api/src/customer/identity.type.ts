import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DateTime } from '../scalars.ts';

@ObjectType({ description: 'One identifier of somebody: a namespace and a cleaned value.', simpleResolvers: true })
export class Identity {
  @Field(() => ID, { description: 'Follows from namespace and value, so it is the same everywhere and for ever.' })
  declare id: string;
  @Field(() => String, {
    description: 'Kind of identifier: `member`, `user`, `email`, `phone`, `anonymous`, or one of a plugin such as `line.user`.',
  })
  declare namespace: string;
  @Field(() => String, { description: 'The value as it is compared: trimmed, folded, phones in E.164.' })
  declare value: string;
  @Field(() => DateTime, { description: 'When an event first carried it.' })
  declare createdAt: string;
}

@InputType({ description: 'One identifier as a source knows it.' })
export class IdentityInput {
  @Field(() => String, { description: 'Kind of identifier, such as `email` or `member`.' })
  declare namespace: string;
  @Field(() => String, { description: 'The value in any usual spelling; it is cleaned before it is compared.' })
  declare value: string;
}
