import { type Desk, type Draft, hmacSignature, type RawRequest, Unreadable, type WebhookSource, webhook } from '@enishi/plugin-sdk';
import { aside } from '../unreadable.ts';
import { square } from './ask.ts';
import { customerDrafts } from './customer.ts';
import { rememberMerge } from './merged.ts';
import { orderDrafts, refundDrafts } from './purchase.ts';
import type { SquareSettings } from './settings.ts';
import * as shapes from './shapes.ts';

/** Square's webhook. The signature covers the registered address and the body; an order's notification names it only, so all is asked for behind the answer. */
export const squareWebhook = (settings: SquareSettings): WebhookSource =>
  webhook({
    description: 'Webhooks of Square: payments, orders, refunds and customers; what they name is then asked for.',
    body: shapes.notification,
    verify: hmacSignature({
      header: 'x-square-hmacsha256-signature',
      secret: settings.signatureKey,
      encoding: 'base64',
      before: settings.notificationUrl,
    }),
    callId,
    work: 'later',
    receive: async (notification, _request, desk) => {
      try {
        return await draftsOf(notification, settings, desk);
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        return [aside({ id: `square:${notification.event_id}`, at: notification.created_at, payload: notification }, error.message)];
      }
    },
  });

/** Square repeats a notification under the same `event_id`. */
function callId({ body }: RawRequest): string | undefined {
  try {
    const { event_id } = JSON.parse(Buffer.from(body).toString('utf8')) as { event_id?: unknown };
    return typeof event_id === 'string' ? event_id : undefined;
  } catch {
    return undefined;
  }
}

async function draftsOf({ type, data }: shapes.Notification, settings: SquareSettings, desk: Desk): Promise<Draft[]> {
  const ask = square(desk, settings);
  const object = data?.object ?? {};
  switch (type) {
    case 'payment.created':
    case 'payment.updated': {
      const payment = object.payment as { status?: unknown; order_id?: unknown } | undefined;
      return payment?.status === 'COMPLETED' && typeof payment.order_id === 'string' ? orderDrafts(payment.order_id, ask, settings) : [];
    }
    case 'order.created':
    case 'order.updated':
    case 'order.fulfillment.updated':
      return data?.id ? orderDrafts(data.id, ask, settings) : [];
    case 'refund.created':
    case 'refund.updated':
      return refundDrafts(object.refund, ask, settings);
    case 'customer.created':
    case 'customer.updated':
      await rememberMerge(desk, object);
      return customerDrafts(object.customer, desk, settings);
    case 'customer.deleted':
      await rememberMerge(desk, object);
      return [];
    default:
      desk.log.info(`Square tells of ${type}, which this plugin does not take`, { id: data?.id });
      return [];
  }
}
