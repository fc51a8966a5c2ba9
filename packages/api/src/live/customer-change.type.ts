import type { Cause } from '@enishi/core';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../scalars.ts';
import type { Payload } from './live-stream.ts';
import { TransitionCause } from './segment-change.type.ts';

export const CustomerChangeKind = { UPDATED: 'UPDATED', ENTERED: 'ENTERED', LEFT: 'LEFT', MERGED: 'MERGED', SPLIT: 'SPLIT' } as const;
export type CustomerChangeKind = (typeof CustomerChangeKind)[keyof typeof CustomerChangeKind];
registerEnumType(CustomerChangeKind, {
  name: 'CustomerChangeKind',
  description: 'What touched a customer.',
  valuesConfig: {
    UPDATED: { description: 'Events, traits, identities or consents.' },
    ENTERED: { description: 'Entered a segment.' },
    LEFT: { description: 'Left a segment.' },
    MERGED: { description: 'Became one with another customer; `customerId` is who answers from now on.' },
    SPLIT: { description: 'A merge was undone.' },
  },
});

@ObjectType({ description: 'Something that touched one customer.', simpleResolvers: true })
export class CustomerChange implements Payload {
  declare seq: number;
  declare segmentId: number | null;
  @Field(() => String, { description: 'Hand it in as `after` to go on behind this item. Opaque; good for this workspace only.' })
  declare cursor: string;
  @Field(() => DateTime, { description: 'When it was recorded.' })
  declare at: Date;
  @Field(() => CustomerChangeKind, { description: 'What happened.' })
  declare change: CustomerChangeKind;
  @Field(() => ID, { description: 'Who answers for the id that was asked for: another id after a merge.' })
  declare customerId: string;
  @Field(() => TransitionCause, { nullable: true, description: 'Why, where a segment was entered or left.' })
  declare cause: Cause | null;
}
