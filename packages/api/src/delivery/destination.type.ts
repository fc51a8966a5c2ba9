import { createUnionType, Field, Int, ObjectType } from 'type-graphql';
import { problemType, UnknownDestination } from '../problems.ts';
import { DateTime } from '../scalars.ts';

@ObjectType({ description: 'Where deliveries go.', simpleResolvers: true })
export class Destination {
  @Field(() => String, { description: 'Plugin and name, such as `email.message`.' })
  declare key: string;
  @Field(() => String, { description: '`message`, or `audience` for a list of a partner that follows a segment.' })
  declare kind: string;
  @Field(() => String, { description: 'What consent it needs is for.' })
  declare purpose: string;
  @Field(() => String, { description: 'How people are reached by it.' })
  declare channel: string;
  @Field(() => [String], { description: 'A customer must have one of these namespaces.' })
  declare address: readonly string[];
  @Field(() => DateTime, { nullable: true, description: 'Since when it is paused; null while it sends.' })
  declare pausedAt: Date | null;
  @Field(() => String, { nullable: true, description: 'Why it is paused.' })
  declare pausedReason: string | null;
  @Field(() => DateTime, { nullable: true, description: 'Until when what is said to it is written down; see `deliveryLog`.' })
  declare watchedUntil: Date | null;
}

export const DestinationResult = createUnionType({
  name: 'DestinationResult',
  description: 'The destination as it is now, or that there is none.',
  types: () => [Destination, UnknownDestination] as const,
  resolveType: problemType('Destination'),
});

@ObjectType({
  description: 'One request to a partner and what came back, with secrets and personal data taken out.',
  simpleResolvers: true,
})
export class WireCall {
  @Field(() => String, { description: 'HTTP method.' })
  declare method: string;
  @Field(() => String, { description: 'Address, without values of its query.' })
  declare url: string;
  @Field(() => Int, { nullable: true, description: 'HTTP status; null where no answer came.' })
  declare status: number | null;
  @Field(() => Int, { description: 'How long it took, in milliseconds.' })
  declare milliseconds: number;
  @Field(() => String, { nullable: true, description: 'Beginning of what was sent.' })
  declare request: string | null;
  @Field(() => String, { nullable: true, description: 'Beginning of what came back.' })
  declare response: string | null;
  @Field(() => String, { nullable: true, description: 'Why no answer came.' })
  declare error: string | null;
}
