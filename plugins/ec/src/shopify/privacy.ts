import { type ConsentDecision, type Draft, shaped } from '@enishi/plugin-sdk';
import { identifiersOf, inShop } from '../customer.ts';
import { dataRequested, erasureRequested } from '../events/index.ts';
import * as shapes from './shapes.ts';
import type { Call } from './topics.ts';

const purposes = ['service', 'analytics', 'marketing', 'advertising', 'personalisation'] as const;

/**
 * `customers/redact` and `shop/redact`, to be done within 30 days. From this event on nothing is used for anything: every purpose is
 * withdrawn on every channel. A whole shop is nobody in particular, so its request stands under an identity of its own.
 */
export function redactDrafts(payload: unknown, call: Call): Draft[] {
  const request = shaped(shapes.privacyRequest, payload);
  const evidence = { shop: request.shop_domain, topic: call.topic };
  const consents = purposes.map((purpose): ConsentDecision => ({ purpose, channel: '*', state: 'WITHDRAWN', evidence }));
  return [erasureRequested({ ...requestOf(request, call), consents: request.customer ? consents : [] })];
}

/** `customers/data_request`, to be answered within 30 days. */
export const dataRequestDrafts = (payload: unknown, call: Call): Draft[] => [
  dataRequested(requestOf(shaped(shapes.privacyRequest, payload), call)),
];

type Request = ReturnType<typeof shapes.privacyRequest.parse>;

function requestOf({ shop_domain, customer, ...request }: Request, { shop, topic, id, at }: Call) {
  const account = customer?.id ?? undefined;
  const requestId = request.data_request?.id;
  return {
    id: inShop(shop, `privacy:${topic}:${requestId ?? id}`),
    at,
    identifiers: customer
      ? identifiersOf({ account, email: customer.email, phone: customer.phone }, shop)
      : { anonymous: inShop(shop, `shop:${shop_domain}`) },
    properties: {
      shop: shop_domain,
      customer_id: account,
      request_id: requestId,
      orders: request.orders_requested ?? request.orders_to_redact ?? undefined,
    },
  };
}
