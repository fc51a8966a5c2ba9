import type { ConnectionTree } from '@enishi/core';
import { Args, Authorized, FieldResolver, Resolver } from 'type-graphql';
import { listComplexity, pageComplexity } from '../complexity.ts';
import { Consent, ConsentRecord } from '../consent/consent.type.ts';
import { DeliveryArgs, DeliveryConnection } from '../delivery/delivery.type.ts';
import { EventArgs, EventConnection } from '../event/event.type.ts';
import { OfCustomer } from '../from-statement.ts';
import { Link } from '../link/link.type.ts';
import { DateTime } from '../scalars.ts';
import { Membership } from '../segment/segment.type.ts';
import { Customer, FirstArgs, MembershipArgs } from './customer.type.ts';
import { Identity } from './identity.type.ts';
import { Trait, TraitArgs } from './trait.type.ts';

/**
 * The customer's own fields, added to it by the same means as a plugin's. None of them reads: the root field's one statement has.
 * Each asks for the right to see customers, because an id alone also comes with deliveries and receipts.
 */
@Resolver(() => Customer)
export class CustomerFields {
  @Authorized('customers:read')
  @FieldResolver(() => DateTime, { nullable: true, description: 'When the first of its identities was seen.' })
  createdAt(@OfCustomer() value: string): string {
    return value;
  }

  @Authorized('customers:read')
  @FieldResolver(() => DateTime, { nullable: true, description: 'When its newest event happened; null before the first.' })
  lastEventAt(@OfCustomer() value: string | null): string | null {
    return value;
  }

  @Authorized('customers:read')
  @FieldResolver(() => [Identity], {
    nullable: true,
    complexity: listComplexity,
    description: 'The identifiers tied together into it, oldest first.',
  })
  identities(@OfCustomer() value: Identity[], @Args(() => FirstArgs) _args: FirstArgs): Identity[] {
    return value;
  }

  @Authorized('customers:read')
  @FieldResolver(() => [Trait], {
    nullable: true,
    complexity: listComplexity,
    description: 'What is known of it, by name, each with where it is known from.',
  })
  traits(@OfCustomer() value: Trait[], @Args(() => TraitArgs) _args: TraitArgs): Trait[] {
    return value;
  }

  @Authorized('customers:read', 'consents:read')
  @FieldResolver(() => [Consent], {
    nullable: true,
    complexity: listComplexity,
    description: 'The decisions in force about the use of its data. Scope consents:read.',
  })
  consents(@OfCustomer() value: Consent[]): Consent[] {
    return value;
  }

  @Authorized('customers:read', 'consents:read')
  @FieldResolver(() => [ConsentRecord], {
    nullable: true,
    complexity: listComplexity,
    description: 'The ledger of decisions, newest first. Scope consents:read.',
  })
  consentRecords(@OfCustomer() value: ConsentRecord[], @Args(() => FirstArgs) _args: FirstArgs): ConsentRecord[] {
    return value;
  }

  @Authorized('customers:read', 'events:read')
  @FieldResolver(() => EventConnection, {
    nullable: true,
    complexity: pageComplexity,
    description: 'Its events over all identities, newest first. Scope events:read.',
  })
  events(@OfCustomer() value: ConnectionTree, @Args(() => EventArgs) _args: EventArgs): ConnectionTree {
    return value;
  }

  @Authorized('customers:read', 'segments:read')
  @FieldResolver(() => [Membership], {
    nullable: true,
    complexity: listComplexity,
    description: 'The segments it is in, newest entry first. Scope segments:read.',
  })
  segments(@OfCustomer() value: Membership[], @Args(() => MembershipArgs) _args: MembershipArgs): Membership[] {
    return value;
  }

  @Authorized('customers:read', 'deliveries:read')
  @FieldResolver(() => DeliveryConnection, {
    nullable: true,
    complexity: pageComplexity,
    description: 'What was or will be sent to it, newest first. Scope deliveries:read.',
  })
  deliveries(@OfCustomer() value: ConnectionTree, @Args(() => DeliveryArgs) _args: DeliveryArgs): ConnectionTree {
    return value;
  }

  @Authorized('customers:read')
  @FieldResolver(() => [Link], {
    nullable: true,
    complexity: listComplexity,
    description: 'What ties its identities together, what was held back and what was revoked, newest first.',
  })
  links(@OfCustomer() value: Link[], @Args(() => FirstArgs) _args: FirstArgs): Link[] {
    return value;
  }
}
