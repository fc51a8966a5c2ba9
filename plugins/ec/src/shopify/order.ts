import { type Draft, shaped, Unreadable } from '@enishi/plugin-sdk';
import { toNumber, total } from '@enishi/plugin-sdk/files';
import { identifiersOf, inShop } from '../customer.ts';
import type { Product } from '../events/fields.ts';
import { orderCancelled, orderCompleted, orderRefunded, orderUpdated } from '../events/index.ts';
import { janOf } from '../jan.ts';
import { money, moneyIf } from '../money.ts';
import { consentDrafts, consentInOrder } from './consent.ts';
import * as shapes from './shapes.ts';
import type { Call } from './topics.ts';

/**
 * What an order message says. Each begins with the order itself: if the message of its creation was lost, the next one brings
 * it, and otherwise it is a duplicate. An order is known by its number from here on, so that a refund finds its customer.
 */
export function orderDrafts(payload: unknown, { shop, topic }: Call): Draft[] {
  const order = shaped(shapes.order, payload);
  const { id, updated_at, cancelled_at } = order;
  const identifiers = identifiersOf(
    {
      account: order.customer?.id,
      order: id,
      cart: order.cart_token ?? order.checkout_token ?? undefined,
      email: order.email ?? order.contact_email ?? order.customer?.email,
      phone: order.phone ?? order.customer?.phone,
    },
    shop,
  );
  const properties = propertiesOf(order, shop);
  const context = { source_name: order.source_name, landing_site: order.landing_site, referring_site: order.referring_site };
  const number = inShop(shop, `order:${id}`);
  const drafts: Draft[] = [
    orderCompleted({
      id: number,
      at: order.processed_at ?? order.created_at,
      identifiers,
      properties: { ...properties, cart_id: order.cart_token ?? undefined, checkout_id: order.checkout_token ?? undefined },
      consents: consentInOrder(order),
      context,
    }),
  ];
  if (cancelled_at) drafts.push(orderCancelled({ id: `${number}:cancelled`, at: cancelled_at, identifiers, properties, context }));
  else if (topic !== 'orders/create' && updated_at)
    drafts.push(orderUpdated({ id: `${number}:updated:${updated_at.toISOString()}`, at: updated_at, identifiers, properties, context }));
  return [...drafts, ...(order.customer ? consentDrafts(order.customer, shop) : [])];
}

function propertiesOf(order: shapes.Order, shop: string | undefined) {
  const { currency } = order;
  const shipping = order.total_shipping_price_set?.shop_money.amount;
  return {
    order_id: order.id,
    order_name: order.name ?? undefined,
    affiliation: shop,
    total: money(order.total_price, currency),
    subtotal: moneyIf(order.subtotal_price, currency),
    tax: moneyIf(order.total_tax, currency),
    discount: moneyIf(order.total_discounts, currency),
    shipping: moneyIf(shipping, currency),
    coupon: order.discount_codes?.[0]?.code ?? undefined,
    currency,
    financial_status: order.financial_status ?? undefined,
    fulfillment_status: order.fulfillment_status ?? undefined,
    cancel_reason: order.cancel_reason ?? undefined,
    products: productsOf(order.line_items),
  };
}

export const productsOf = (items: readonly shapes.LineItem[] | null | undefined): Product[] =>
  (items ?? []).map((item) => ({
    product_id: item.product_id ?? item.variant_id ?? undefined,
    sku: item.sku || undefined,
    jan: janOf(item.sku ?? undefined),
    name: item.title ?? undefined,
    variant: item.variant_title ?? undefined,
    brand: item.vendor ?? undefined,
    quantity: item.quantity ?? undefined,
    price: item.price === null || item.price === undefined ? undefined : toNumber(item.price),
  }));

/** Money that went back: what the successful refund transactions moved, exactly. */
export function refundDrafts(payload: unknown, { shop }: Call): Draft[] {
  const refund = shaped(shapes.refund, payload);
  const paid = (refund.transactions ?? []).filter(
    ({ kind, status }) => (kind ?? 'refund') === 'refund' && (status ?? 'success') === 'success',
  );
  const currency = paid[0]?.currency ?? undefined;
  if (paid.some((each) => (each.currency ?? undefined) !== currency)) throw new Unreadable('transactions: two currencies in one refund');
  const sum = total(paid.map(({ amount }) => amount));
  return [
    orderRefunded({
      id: inShop(shop, `refund:${refund.id}`),
      at: refund.processed_at ?? refund.created_at,
      identifiers: identifiersOf({ order: refund.order_id }, shop),
      properties: {
        order_id: refund.order_id,
        refund_id: refund.id,
        affiliation: shop,
        total: currency === undefined ? toNumber(sum) : money(sum, currency),
        currency,
        reason: refund.note ?? undefined,
        products: (refund.refund_line_items ?? []).flatMap(({ line_item, quantity }) =>
          line_item ? productsOf([{ ...line_item, quantity }]) : [],
        ),
      },
    }),
  ];
}
