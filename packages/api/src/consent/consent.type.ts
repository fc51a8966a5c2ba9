import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime, Json } from '../scalars.ts';

export const ConsentState = { GIVEN: 'GIVEN', REFUSED: 'REFUSED', WITHDRAWN: 'WITHDRAWN' } as const;
export type ConsentState = (typeof ConsentState)[keyof typeof ConsentState];
registerEnumType(ConsentState, {
  name: 'ConsentState',
  description: 'What a person decided.',
  valuesConfig: {
    GIVEN: { description: 'Yes.' },
    REFUSED: { description: 'No, when asked.' },
    WITHDRAWN: { description: 'No longer, after a yes.' },
  },
});

@ObjectType({ description: 'The decision in force for one purpose, channel and kind of data.', simpleResolvers: true })
export class Consent {
  @Field(() => String, { description: 'What the data may be used for, such as `marketing`.' })
  declare purpose: string;
  @Field(() => String, { description: 'How the person may be reached: `email`, `line`, `sms`, ..., or `*` for every channel.' })
  declare channel: string;
  @Field(() => String, { description: 'The kind of data it is about alone, such as `facebook.likes`; `*` is all of it.' })
  declare scope: string;
  @Field(() => ConsentState, { description: 'What was decided.' })
  declare state: ConsentState;
  @Field(() => DateTime, { description: 'When it was decided.' })
  declare decidedAt: string;
  @Field(() => ID, { description: 'The identity it was decided for.' })
  declare identityId: string;
}

@ObjectType({
  description: 'One entry of the ledger of decisions. Entries are never changed; each one seals the one before.',
  simpleResolvers: true,
})
export class ConsentRecord {
  @Field(() => ID, { description: 'The identity it was decided for.' })
  declare identityId: string;
  @Field(() => Int, { description: 'Place in the ledger of that identity, from 1.' })
  declare position: number;
  @Field(() => ID, { description: 'The event that brought it.' })
  declare eventId: string;
  @Field(() => String, { description: 'What the data may be used for.' })
  declare purpose: string;
  @Field(() => String, { description: 'How the person may be reached.' })
  declare channel: string;
  @Field(() => String, { description: 'Which data it is about; `*` is all of it.' })
  declare scope: string;
  @Field(() => ConsentState, { description: 'What was decided.' })
  declare state: ConsentState;
  @Field(() => DateTime, { description: 'When it was decided.' })
  declare occurredAt: string;
  @Field(() => DateTime, { description: 'When it was written down here.' })
  declare recordedAt: string;
  @Field(() => String, { description: 'Key of the source that brought it.' })
  declare source: string;
  @Field(() => Json, { description: 'What proves it: version of the notice, form, screen.' })
  declare evidence: unknown;
  @Field(() => String, { nullable: true, description: 'Seal of the entry before, in hexadecimal; null on the first.' })
  declare previousHash: string | null;
  @Field(() => String, { description: 'SHA-256 seal of this entry and the one before, in hexadecimal.' })
  declare hash: string;
}

@InputType({ description: 'A decision about the use of data.' })
export class ConsentDecisionInput {
  @Field(() => String, { description: 'What the data may be used for, such as `marketing`.' })
  declare purpose: string;
  @Field(() => String, { description: 'How the person may be reached: `email`, `line`, `sms`, ..., or `*` for every channel.' })
  declare channel: string;
  @Field(() => ConsentState, { description: 'What was decided.' })
  declare state: ConsentState;
  @Field(() => String, { nullable: true, description: 'Which data it is about; default `*`, all of it.' })
  declare scope?: string | null;
  @Field(() => Json, {
    nullable: true,
    description: 'What proves it, as an object: version of the notice, form, screen. Kept with the record.',
  })
  declare evidence?: unknown;
}

@InputType({ description: 'Decisions one person made together.' })
export class ConsentInput {
  @Field(() => Json, { description: 'Who decided: an object of identifiers by namespace, such as `{"email": "a@example.com"}`.' })
  declare identifiers: unknown;
  @Field(() => [ConsentDecisionInput], { description: 'What was decided.' })
  declare decisions: ConsentDecisionInput[];
  @Field(() => DateTime, { nullable: true, description: 'When it was decided; default now.' })
  declare at?: Date | null;
  @Field(() => ID, { nullable: true, description: 'Your own id of this act. The same id again is answered DUPLICATE.' })
  declare id?: string | null;
}
