import { type Draft, shaped } from '@enishi/plugin-sdk';
import { toNumber } from '@enishi/plugin-sdk/files';
import { identifiersOf, inShop } from '../customer.ts';
import type { Product } from '../events/fields.ts';
import { checkoutStarted, orderCancelled, orderCompleted, orderRefunded, orderUpdated } from '../events/index.ts';
import { janOf } from '../jan.ts';
import { money, moneyIf } from '../money.ts';
import * as shapes from './shapes.ts';

/** An order is placed once it is to be fulfilled. Before that it is somebody at the counter: `pending` waits for a payment that may never come. */
const placed = new Set(['processing', 'on-hold', 'completed', 'refunded']);
const unfinished = new Set(['pending', 'failed', 'checkout-draft', 'auto-draft', 'draft']);

/** What an order says in the state it is in. What was told before has the same ids and is a duplicate. */
export function orderDrafts(payload: unknown, shop: string | undefined): Draft[] {
  const order = shaped(shapes.order, payload);
  const { id, status } = order;
  const number = inShop(shop, `order:${id}`);
  const identifiers = identifiersOf(
    { account: order.customer_id, order: id, email: order.billing?.email, phone: order.billing?.phone },
    shop,
  );
  const properties = propertiesOf(order, shop);
  const common = { identifiers, context: { created_via: order.created_via } };
  if (unfinished.has(status) && !order.date_paid_gmt) {
    const { total, ...rest } = properties;
    return [checkoutStarted({ ...common, id: `${number}:started`, at: order.date_created_gmt, properties: { ...rest, value: total } })];
  }
  const changed = order.date_modified_gmt;
  const drafts: Draft[] = [];
  if (placed.has(status) || order.date_paid_gmt)
    drafts.push(orderCompleted({ ...common, id: number, at: order.date_paid_gmt ?? order.date_created_gmt, properties }));
  if (status === 'cancelled' || status === 'trash')
    drafts.push(orderCancelled({ ...common, id: `${number}:cancelled`, at: changed, properties }));
  else if (changed > (order.date_paid_gmt ?? order.date_created_gmt))
    drafts.push(orderUpdated({ ...common, id: `${number}:updated:${changed.toISOString()}`, at: changed, properties }));
  const refunds = order.refunds.map((refund) =>
    orderRefunded({
      ...common,
      id: inShop(shop, `refund:${refund.id}`),
      at: changed,
      properties: {
        order_id: id,
        refund_id: refund.id,
        affiliation: shop,
        total: money(refund.total.abs(), order.currency),
        currency: order.currency,
        reason: refund.reason || undefined,
      },
    }),
  );
  return [...drafts, ...refunds];
}

function propertiesOf(order: shapes.Order, shop: string | undefined) {
  const { currency } = order;
  return {
    order_id: order.id,
    order_name: order.number,
    affiliation: shop,
    status: order.status,
    total: money(order.total, currency),
    tax: moneyIf(order.total_tax, currency),
    discount: moneyIf(order.discount_total, currency),
    shipping: moneyIf(order.shipping_total, currency),
    coupon: order.coupon_lines[0]?.code ?? undefined,
    currency,
    payment_method: order.payment_method_title || undefined,
    products: order.line_items.map(
      (item): Product => ({
        product_id: item.product_id ?? undefined,
        sku: item.sku || undefined,
        jan: janOf(item.sku ?? undefined),
        name: item.name ?? undefined,
        quantity: item.quantity ?? undefined,
        price: item.price ? toNumber(item.price) : undefined,
      }),
    ),
  };
}
