import type { Cause } from '@enishi/core';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../scalars.ts';
import type { Payload } from './live-stream.ts';

export const SegmentChangeKind = { ENTERED: 'ENTERED', LEFT: 'LEFT', CURRENT: 'CURRENT' } as const;
export type SegmentChangeKind = (typeof SegmentChangeKind)[keyof typeof SegmentChangeKind];
registerEnumType(SegmentChangeKind, {
  name: 'SegmentChangeKind',
  description: 'What an item of `segmentChanges` says.',
  valuesConfig: {
    ENTERED: { description: 'The customer is in the segment from now on, or was in it when the snapshot was taken (cause `SNAPSHOT`).' },
    LEFT: { description: 'The customer is no longer in the segment.' },
    CURRENT: { description: 'A heartbeat: nothing is missing up to this cursor. Only where heartbeats were asked for.' },
  },
});

export const CauseKind = {
  EVENT: 'EVENT',
  TIMER: 'TIMER',
  RULE: 'RULE',
  LINK: 'LINK',
  UNLINK: 'UNLINK',
  CONSENT: 'CONSENT',
  SNAPSHOT: 'SNAPSHOT',
} as const;
export type CauseKind = (typeof CauseKind)[keyof typeof CauseKind];
registerEnumType(CauseKind, {
  name: 'CauseKind',
  description: 'Why a customer entered or left a segment.',
  valuesConfig: {
    EVENT: { description: 'An event came in.' },
    TIMER: { description: 'Time passed: a window opened or closed.' },
    RULE: { description: 'The segment’s rule was made or changed.' },
    LINK: { description: 'The customer was merged with another.' },
    UNLINK: { description: 'A merge was undone.' },
    CONSENT: { description: 'A consent was given, refused or withdrawn.' },
    SNAPSHOT: { description: 'None: the customer was in the segment when the snapshot was taken.' },
  },
});

@ObjectType({ description: 'Why a customer entered or left a segment.', simpleResolvers: true })
export class TransitionCause {
  @Field(() => CauseKind, { description: 'Kind of cause.' })
  declare kind: CauseKind;
  @Field(() => ID, { nullable: true, description: 'The event, where the cause is one.' })
  declare eventId?: string | undefined;
  @Field(() => String, { nullable: true, description: 'Type of that event, such as `ec.order_placed`.' })
  declare type?: string | undefined;
}

@ObjectType({ description: 'A customer entering or leaving a segment.', simpleResolvers: true })
export class SegmentChange implements Payload {
  declare seq: number;
  declare heartbeat?: boolean;
  @Field(() => String, { description: 'Hand it in as `after` to go on behind this item. Opaque; good for this workspace only.' })
  declare cursor: string;
  @Field(() => DateTime, { description: 'When it happened. In a snapshot: when the customer entered.' })
  declare at: Date;
  @Field(() => SegmentChangeKind, { description: 'What happened.' })
  declare change: SegmentChangeKind;
  @Field(() => ID, { nullable: true, description: 'The customer’s id at that time, without reading the customer. Null in a heartbeat.' })
  declare customerId: string | null;
  @Field(() => TransitionCause, { nullable: true, description: 'Why. Null in a heartbeat.' })
  declare cause: Cause | { readonly kind: 'SNAPSHOT' } | null;
}
