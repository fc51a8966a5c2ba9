import type { AnyEventType, ConsentDecision, Draft, Identifiers } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { accountId, inShop } from './customer.ts';
import * as events from './events/index.ts';

const topics: ReadonlyMap<string, AnyEventType> = new Map<string, AnyEventType>([
  ['order.completed', events.orderCompleted],
  ['order.updated', events.orderUpdated],
  ['order.cancelled', events.orderCancelled],
  ['order.refunded', events.orderRefunded],
  ['cart.viewed', events.cartViewed],
  ['cart.product_added', events.productAdded],
  ['cart.product_removed', events.productRemoved],
  ['checkout.started', events.checkoutStarted],
  ['coupon.applied', events.couponApplied],
  ['product.viewed', events.productViewed],
  ['product.reviewed', events.productReviewed],
  ['customer.registered', events.customerRegistered],
  ['customer.updated', events.customerUpdated],
]);

/** Shops number their things; a number beyond 2^53 has lost digits by the time it is read, so it must come as a string. */
const number = z.union([z.string(), z.int().transform(String)]).optional();

const consent = z.object({
  purpose: z.string(),
  channel: z.string(),
  state: z.enum(['GIVEN', 'REFUSED', 'WITHDRAWN']),
  evidence: z.record(z.string(), z.unknown()).optional(),
});

/**
 * One message of a shop, by webhook or as a line of NDJSON. Only the envelope is checked here: `data` is checked
 * by the line against the event's schema, so that one wrong price quarantines one event and not the whole delivery.
 */
export const message = z.object({
  topic: z.string().min(1).max(100),
  id: z.string().min(1).max(150),
  at: z.iso.datetime({ offset: true }),
  customer: z
    .looseObject({
      id: number,
      email: z.string().nullish(),
      phone: z.string().nullish(),
      member: number,
      anonymous: z.string().nullish(),
      traits: z.record(z.string(), z.unknown()).optional(),
      consents: z.array(consent).max(50).optional(),
    })
    .nullish(),
  data: z.record(z.string(), z.unknown()).default({}),
});

export type Message = z.output<typeof message>;

/** Turns a message into an event. A topic nobody knows becomes an event of an unknown type: quarantined, so nothing is lost. */
export function toDraft({ topic, id, at, customer, data }: Message, shop: string | undefined): Draft {
  const known = whoIs({ customer, data }, shop);
  return {
    type: topics.get(topic)?.eventName ?? `ec.${topic}`,
    id: inShop(shop, id),
    at: new Date(at),
    identifiers: known,
    properties: topic.startsWith('customer.') && customer?.id !== undefined ? { customer_id: customer.id, ...data } : data,
    traits: Object.entries(customer?.traits ?? {}).map(([trait, value]) => ({ trait, value })),
    consents: (customer?.consents ?? []) as ConsentDecision[],
  };
}

function whoIs({ customer, data }: Pick<Message, 'customer' | 'data'>, shop: string | undefined): Identifiers {
  const account = accountId(customer?.id);
  const cart = typeof data.cart_id === 'string' ? inShop(shop, `cart:${data.cart_id}`) : undefined;
  const order = typeof data.order_id === 'string' ? ownIdentity(data.order_id, shop) : undefined;
  return {
    'ec.customer': account === undefined ? undefined : inShop(shop, account),
    member: customer?.member,
    email: customer?.email ?? undefined,
    phone: customer?.phone ?? undefined,
    // A cart knows no customer until it is ordered; the order that names it ties both together.
    anonymous: customer?.anonymous ?? cart ?? (account === undefined && customer?.member === undefined ? order : undefined),
  };
}

/** An order of nobody known is somebody all the same: under an identity of its own it is kept, and ties no strangers together. */
export const ownIdentity = (orderId: string, shop: string | undefined): string => inShop(shop, `order:${orderId}`);
