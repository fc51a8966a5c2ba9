import { type ConsentDecision, type Draft, shaped } from '@enishi/plugin-sdk';
import { identifiersOf, inShop } from '../customer.ts';
import { customerUpdated } from '../events/index.ts';
import * as shapes from './shapes.ts';
import type { Call } from './topics.ts';

/** `not_subscribed`, `pending` and `invalid` are no decisions: nobody said yes or no. */
const states = { subscribed: 'GIVEN', unsubscribed: 'WITHDRAWN' } as const;

type Holder = Pick<shapes.Customer, 'id' | 'email' | 'phone' | 'email_marketing_consent' | 'sms_marketing_consent'>;

/**
 * Decisions about marketing as events of their own, dated when they were made. Shopify repeats the state with every change of a
 * customer: dated by that change, an old yes would win over a no that was said elsewhere since.
 */
export function consentDrafts(customer: Holder, shop: string | undefined): Draft[] {
  return [
    ...dated(customer, { channel: 'email', shop, said: customer.email_marketing_consent }),
    ...dated(customer, { channel: 'sms', shop, said: customer.sms_marketing_consent }),
  ];
}

interface Said {
  readonly channel: 'email' | 'sms';
  readonly shop: string | undefined;
  readonly said: shapes.MarketingConsent | null | undefined;
}

function dated({ id, email, phone }: Holder, { channel, shop, said }: Said): Draft[] {
  const decided = said?.consent_updated_at;
  const decision = decisionOf(said, channel);
  if (!decided || decision === undefined) return [];
  return [
    customerUpdated({
      id: inShop(shop, `customer:${id}:${channel}-consent:${decided.toISOString()}`),
      at: decided,
      identifiers: identifiersOf({ account: id, ...(channel === 'email' ? { email } : { phone }) }, shop),
      properties: { customer_id: id, affiliation: shop },
      consents: [decision],
    }),
  ];
}

function decisionOf(said: shapes.MarketingConsent | null | undefined, channel: 'email' | 'sms'): ConsentDecision | undefined {
  const state = states[(said?.state ?? '').toLowerCase() as keyof typeof states];
  if (!said || state === undefined) return undefined;
  const { opt_in_level, consent_updated_at, consent_collected_from } = said;
  const evidence = { shop: 'shopify', state: said.state, opt_in_level, consent_updated_at, consent_collected_from };
  return { purpose: 'marketing', channel, state, evidence };
}

/** The box that was ticked at the till; where Shopify says more about the customer's decision, that counts. One left empty is no refusal. */
export function consentInOrder({ id, buyer_accepts_marketing, customer }: shapes.Order): ConsentDecision[] {
  if (buyer_accepts_marketing !== true || customer?.email_marketing_consent) return [];
  return [{ purpose: 'marketing', channel: 'email', state: 'GIVEN', evidence: { shop: 'shopify', order: id, buyer_accepts_marketing } }];
}

/** `customers_email_marketing_consent/update` and `customers_marketing_consent/update`. */
export function consentUpdateDrafts(payload: unknown, { shop }: Call): Draft[] {
  const update = shaped(shapes.consentUpdate, payload);
  const id = update.customer_id ?? update.id;
  return id === undefined ? [] : consentDrafts({ ...update, id, email: update.email_address }, shop);
}
