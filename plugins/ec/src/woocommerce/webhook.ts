import { hash } from 'node:crypto';
import { type Desk, type Draft, hmacSignature, type RawRequest, shaped, type WebhookSource, webhook } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { dropListing } from '../catalogue/store.ts';
import { deletedCustomer, deletedOrder } from '../gone.ts';
import { aside, readMessage } from '../unreadable.ts';
import { customerDrafts } from './customer.ts';
import { orderDrafts } from './order.ts';
import { keepProduct } from './product.ts';
import * as shapes from './shapes.ts';

export interface WooWebhookSettings {
  readonly webhookSecret: string;
  readonly shop: string | undefined;
}

/**
 * A call has no id of its own: its delivery id is made of the webhook and the second, so two different calls of one second have the same,
 * and the second would be lost as a repetition. What is told twice has the same event ids.
 */
export const wooWebhook = ({ webhookSecret, shop }: WooWebhookSettings): WebhookSource => {
  const signed = hmacSignature({ header: 'x-wc-webhook-signature', secret: webhookSecret, encoding: 'base64' });
  return webhook({
    description: 'Webhooks of WooCommerce: orders, customers and products, created, updated, deleted or restored.',
    body: z.union([z.looseObject({ id: z.int() }), z.looseObject({ webhook_id: z.string() })]),
    verify: (request) => isPing(request) || signed(request),
    receive: (payload, request, desk) => (isPing(request) ? [] : receive(payload, { request, desk, shop })),
  });
};

/** Saving a webhook sends an unsigned form to see whether anybody answers. It says nothing, and nothing is done. */
const isPing = ({ headers, body }: RawRequest): boolean =>
  headers['x-wc-webhook-topic'] === undefined && /^webhook_id=\d{1,20}$/.test(Buffer.from(body).toString('latin1'));

const numberOf = (deleted: unknown): string => shaped(shapes.deleted, deleted).id;

interface Received {
  readonly request: RawRequest;
  readonly desk: Desk;
  readonly shop: string | undefined;
}

async function receive(payload: unknown, { request, desk, shop }: Received): Promise<readonly Draft[]> {
  const topic = request.headers['x-wc-webhook-topic'] ?? '';
  const [resource, action] = topic.split('.');
  const at = desk.now();
  const message = { id: `woocommerce:${topic}:${hash('sha256', request.body)}`, at, payload };
  const gone = action === 'deleted';
  return readMessage(message, async () => {
    switch (resource) {
      case 'order':
        return gone ? deletedOrder(numberOf(payload), shop, at) : orderDrafts(payload, shop);
      case 'customer':
        return gone ? deletedCustomer(numberOf(payload), shop, at) : customerDrafts(payload, shop);
      case 'product':
        if (gone) await dropListing(desk, { productId: numberOf(payload), shop, updatedAt: at });
        else await keepProduct(payload, shop, desk);
        return [];
      // Coupons are the shop's own affair; who uses one says so in the order.
      case 'coupon':
        return [];
      default:
        return [aside(message, `topic: "${topic}" is none this plugin knows`)];
    }
  });
}
