import { type Draft, shaped } from '@enishi/plugin-sdk';
import { deletedCustomer, deletedOrder } from '../gone.ts';
import { cartDrafts, checkoutDrafts } from './cart.ts';
import { consentUpdateDrafts } from './consent.ts';
import { customerDrafts, mergedCustomer } from './customer.ts';
import { orderDrafts, refundDrafts } from './order.ts';
import { dataRequestDrafts, redactDrafts } from './privacy.ts';
import * as shapes from './shapes.ts';

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

const numberOf = (deleted: unknown): string => shaped(shapes.deleted, deleted).id;

const topics: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['orders/delete', (payload, { shop, at }) => deletedOrder(numberOf(payload), shop, at)],
  ['refunds/create', refundDrafts],
  ['carts/create', cartDrafts],
  ['carts/update', cartDrafts],
  ['checkouts/create', checkoutDrafts],
  ['checkouts/update', checkoutDrafts],
  ['customers/create', customerDrafts],
  ['customers/update', customerDrafts],
  ['customers/enable', customerDrafts],
  ['customers/disable', customerDrafts],
  ['customers/delete', (payload, { shop, at }) => deletedCustomer(numberOf(payload), shop, at)],
  ['customers/merge', mergedCustomer],
  ['customers_email_marketing_consent/update', consentUpdateDrafts],
  ['customers_marketing_consent/update', consentUpdateDrafts],
  ['customers/data_request', dataRequestDrafts],
  ['customers/redact', redactDrafts],
  ['shop/redact', redactDrafts],
]);

/** Who reads the messages of a topic: all of `orders/` carry the order whole. */
export const readerOf = (topic: string): Reader | undefined => topics.get(topic) ?? (topic.startsWith('orders/') ? orderDrafts : undefined);
