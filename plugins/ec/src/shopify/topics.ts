import type { Draft } from '@enishi/plugin-sdk';
import { cartDrafts, checkoutDrafts } from './cart.ts';
import { consentUpdateDrafts } from './consent.ts';
import { customerDrafts, deletedCustomer, mergedCustomer } from './customer.ts';
import { deletedOrder, orderDrafts, refundDrafts } from './order.ts';
import { dataRequestDrafts, redactDrafts } from './privacy.ts';

/** What the headers of a call say. */
export interface Call {
  /** `orders/create` */
  readonly topic: string;
  /** Names this call and its repetitions. */
  readonly id: string;
  /** When what it tells of happened, as far as the payload does not say. */
  readonly at: Date;
  readonly shop: string | undefined;
}

type Reader = (payload: unknown, call: Call) => Draft[];

const topics: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['orders/delete', deletedOrder],
  ['refunds/create', refundDrafts],
  ['carts/create', cartDrafts],
  ['carts/update', cartDrafts],
  ['checkouts/create', checkoutDrafts],
  ['checkouts/update', checkoutDrafts],
  ['customers/create', customerDrafts],
  ['customers/update', customerDrafts],
  ['customers/enable', customerDrafts],
  ['customers/disable', customerDrafts],
  ['customers/delete', deletedCustomer],
  ['customers/merge', mergedCustomer],
  ['customers_email_marketing_consent/update', consentUpdateDrafts],
  ['customers_marketing_consent/update', consentUpdateDrafts],
  ['customers/data_request', dataRequestDrafts],
  ['customers/redact', redactDrafts],
  ['shop/redact', redactDrafts],
]);

/** Who reads the messages of a topic: all of `orders/` carry the order whole. */
export const readerOf = (topic: string): Reader | undefined => topics.get(topic) ?? (topic.startsWith('orders/') ? orderDrafts : undefined);
