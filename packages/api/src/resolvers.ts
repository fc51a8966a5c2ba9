import { CallerResolver } from './caller/caller.resolver.ts';
import { CatalogueResolver } from './catalogue/catalogue.resolver.ts';
import { ConsentResolver } from './consent/consent.resolver.ts';
import { CustomerResolver } from './customer/customer.resolver.ts';
import { CustomerFields } from './customer/customer-fields.resolver.ts';
import { DeliveryResolver } from './delivery/delivery.resolver.ts';
import { DeliveryLogResolver } from './delivery/delivery-log.resolver.ts';
import { DeliveryLogLiveResolver } from './delivery/delivery-log-live.resolver.ts';
import { DeliveryPolicyResolver } from './delivery/delivery-policy.resolver.ts';
import { DestinationResolver } from './delivery/destination.resolver.ts';
import { ExplainDeliveryResolver } from './delivery/explain.resolver.ts';
import { SuppressedAddressResolver } from './delivery/suppressed-address.resolver.ts';
import { EventResolver } from './event/event.resolver.ts';
import { LinkResolver } from './link/link.resolver.ts';
import { liveResolvers } from './live/index.ts';
import { AccountLinkResolver } from './plugin/account-link.resolver.ts';
import { BackfillResolver } from './plugin/backfill.resolver.ts';
import { CallResolver } from './plugin/call.resolver.ts';
import { ProgramResolver } from './program/program.resolver.ts';
import { QuarantineResolver } from './quarantine/quarantine.resolver.ts';
import { PreviewResolver } from './segment/preview.resolver.ts';
import { SegmentResolver } from './segment/segment.resolver.ts';

/** Everything the API answers by itself; plugins' resolvers are added to it. */
export const resolvers = [
  AccountLinkResolver,
  BackfillResolver,
  CallResolver,
  CallerResolver,
  CatalogueResolver,
  ConsentResolver,
  CustomerFields,
  CustomerResolver,
  DeliveryResolver,
  DeliveryLogResolver,
  DeliveryLogLiveResolver,
  DeliveryPolicyResolver,
  DestinationResolver,
  ExplainDeliveryResolver,
  SuppressedAddressResolver,
  EventResolver,
  LinkResolver,
  PreviewResolver,
  ProgramResolver,
  QuarantineResolver,
  SegmentResolver,
  ...liveResolvers,
] as const;
