import { Customer } from '@enishi/plugin-sdk/graphql';
import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { Violation } from '../problems.ts';
import { Json } from '../scalars.ts';

export const ReceiptStatus = {
  ACCEPTED: 'ACCEPTED',
  DUPLICATE: 'DUPLICATE',
  QUARANTINED: 'QUARANTINED',
  SUPPRESSED: 'SUPPRESSED',
  REJECTED: 'REJECTED',
} as const;
export type ReceiptStatus = (typeof ReceiptStatus)[keyof typeof ReceiptStatus];
registerEnumType(ReceiptStatus, {
  name: 'ReceiptStatus',
  description: 'What became of one event.',
  valuesConfig: {
    ACCEPTED: { description: 'Stored, resolved to a customer, and counted in its segments.' },
    DUPLICATE: { description: 'The same id came before, however long ago; nothing was stored again.' },
    QUARANTINED: { description: 'Kept aside with its violations; it can be replayed.' },
    SUPPRESSED: { description: 'Deliberately not stored.' },
    REJECTED: { description: 'Not stored anywhere; see its violations.' },
  },
});

@ObjectType({ description: 'The answer to one event. Branch on `status`.', simpleResolvers: true })
export class EventReceipt {
  @Field(() => ID, { description: 'Your id of the event, or the one made for it.' })
  declare id: string;
  @Field(() => ReceiptStatus, { description: 'What became of it.' })
  declare status: ReceiptStatus;
  @Field(() => ID, { nullable: true, description: 'Id of the stored event: ACCEPTED, DUPLICATE, QUARANTINED.' })
  declare eventId?: string | null;
  @Field(() => Customer, {
    nullable: true,
    description: 'Whose event it is, as the customer is with it: ACCEPTED. Needs the scope customers:read for more than the id.',
  })
  declare customer?: Customer | null;
  @Field(() => [Violation], { description: 'What is wrong with it: QUARANTINED, REJECTED; else empty.' })
  declare violations: readonly Violation[];
  @Field(() => String, { nullable: true, description: 'Why it was not stored: SUPPRESSED.' })
  declare reason?: string | null;
}

@InputType({ description: 'An event as you saw it. Each is judged by itself: a bad one never takes its neighbours down.' })
export class EventInput {
  @Field(() => ID, {
    nullable: true,
    description: 'Your own id of it. The same id again is answered DUPLICATE, for ever. Without it every call is a new event.',
  })
  declare id?: string | null;
  @Field(() => String, { description: 'Kind of event, such as `ec.order_placed`; see `eventTypes`.' })
  declare type: string;
  @Field(() => String, { nullable: true, description: 'When it happened, ISO 8601, from 1970 to a day from now; default now.' })
  declare at?: string | null;
  @Field(() => Json, {
    description: 'Whose it is: an object of identifiers by namespace, such as `{"member": "M-1", "email": "a@example.com"}`.',
  })
  declare identifiers: unknown;
  @Field(() => Json, { nullable: true, description: 'What happened: an object in the shape the kind of event declares.' })
  declare properties?: unknown;
  @Field(() => Json, {
    nullable: true,
    description: 'Facts learned about the customer: an object of values by trait, such as `{"rank": "gold"}`.',
  })
  declare traits?: unknown;
  @Field(() => Json, {
    nullable: true,
    description: 'Decisions made with it: a list of `{purpose, channel, state, scope, evidence}` objects.',
  })
  declare consents?: unknown;
  @Field(() => Json, {
    nullable: true,
    description: 'Where it came from, as an object: page, device, campaign. Stored, never used in rules.',
  })
  declare context?: unknown;
}
