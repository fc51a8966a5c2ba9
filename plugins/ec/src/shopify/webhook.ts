import { type Desk, type Draft, hmacSignature, type RawRequest, type WebhookSource, webhook } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { aside, readMessage } from '../unreadable.ts';
import { exactJson } from './exact-json.ts';
import { keepProduct } from './product.ts';
import { type Call, readerOf } from './topics.ts';

export interface ShopifySettings {
  /** The client secret of the app, which signs its webhooks. */
  readonly webhookSecret: string;
  readonly shop: string | undefined;
}

/** Every document of Shopify's has one of these. What has none is refused whole; what else is wrong with one is told in the quarantine. */
const body = z
  .looseObject({})
  .refine(
    (payload) => ['id', 'token', 'customer_id', 'shop_domain', 'admin_graphql_api_customer_kept_id'].some((name) => name in payload),
    'it is no document of Shopify',
  );

export const shopifyWebhook = ({ webhookSecret, shop }: ShopifySettings): WebhookSource => {
  const signatures = ['x-shopify-hmac-sha256', 'shopify-hmac-sha256'].map((header) =>
    hmacSignature({ header, secret: webhookSecret, encoding: 'base64' }),
  );
  return webhook({
    description: 'Webhooks of a Shopify app: orders, refunds, carts, checkouts, customers, products and the privacy topics.',
    body,
    verify: (request) => signatures.some((verify) => verify(request)),
    callId,
    receive: (_body, request, desk) => receive(request, desk, shop),
  });
};

/** Two flavours of delivery spell their headers differently: `X-Shopify-Topic` and `shopify-topic`. */
const header = ({ headers }: RawRequest, name: string): string | undefined => headers[`x-shopify-${name}`] ?? headers[`shopify-${name}`];

/** One thing that happened may be told under several topics by one event id; a retry tells it under the same. */
function callId(request: RawRequest): string | undefined {
  const id = header(request, 'event-id') ?? header(request, 'webhook-id');
  return id === undefined ? undefined : `${header(request, 'topic')}:${id}`;
}

async function receive(request: RawRequest, desk: Desk, shop: string | undefined): Promise<readonly Draft[]> {
  // What the host has parsed has lost digits of the ids.
  const payload = exactJson(request.body);
  const call: Call = {
    topic: header(request, 'topic') ?? '',
    id: callId(request) ?? `unnamed:${desk.now().toISOString()}`,
    at: triggeredAt(request) ?? desk.now(),
    shop,
  };
  const message = { id: call.id, at: call.at, payload };
  if (call.topic.startsWith('products/'))
    return readMessage(message, async () => {
      await keepProduct(payload, call, desk);
      return [];
    });
  if (call.topic === 'app/uninstalled') {
    desk.log.warn('the Shopify app was uninstalled: nothing more will come');
    return [];
  }
  const read = readerOf(call.topic);
  if (read === undefined) return [aside(message, `topic: "${call.topic}" is none this plugin knows`)];
  if (/\/(?:redact|data_request)$/.test(call.topic))
    desk.log.warn(`Shopify asks by ${call.topic}: to be done within 30 days`, { call: call.id });
  return readMessage(message, () => read(payload, call));
}

function triggeredAt(request: RawRequest): Date | undefined {
  const at = new Date(header(request, 'triggered-at') ?? '');
  return Number.isNaN(at.getTime()) ? undefined : at;
}
