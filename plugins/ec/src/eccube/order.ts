import { type Draft, shaped } from '@enishi/plugin-sdk';
import { toNumber } from '@enishi/plugin-sdk/files';
import { identifiersOf, inShop } from '../customer.ts';
import type { Product } from '../events/fields.ts';
import { checkoutStarted, orderCancelled, orderCompleted, orderRefunded, orderUpdated } from '../events/index.ts';
import { janOf } from '../jan.ts';
import { money, moneyIf } from '../money.ts';
import type { EccubeSettings } from './settings.ts';
import * as shapes from './shapes.ts';

/** What an order says in the state it is in. What was told before has the same ids and is a duplicate. */
export function orderDrafts(payload: unknown, settings: EccubeSettings): Draft[] {
  const { shop } = settings;
  const order = shaped(shapes.order, payload);
  const state = order.OrderStatus?.id ?? 0;
  const number = inShop(shop, `order:${order.id}`);
  const identifiers = identifiersOf({ account: order.Customer?.id, order: order.id, email: order.email, phone: order.phone_number }, shop);
  const properties = propertiesOf(order, shop);
  const ordered = order.order_date ?? order.create_date;
  const changed = order.update_date;
  if (settings.unfinished.includes(state)) {
    const { total, ...rest } = properties;
    return [checkoutStarted({ id: `${number}:started`, at: order.create_date, identifiers, properties: { ...rest, value: total } })];
  }
  const placed = orderCompleted({ id: number, at: ordered, identifiers, properties });
  if (settings.cancelled.includes(state))
    return [placed, orderCancelled({ id: `${number}:cancelled`, at: changed, identifiers, properties })];
  if (settings.returned.includes(state)) return [placed, orderRefunded({ id: `${number}:refunded`, at: changed, identifiers, properties })];
  if (changed <= ordered) return [placed];
  return [placed, orderUpdated({ id: `${number}:updated:${changed.toISOString()}`, at: changed, identifiers, properties })];
}

/** The only kind of order line that is goods; the others are delivery, fees, discounts, tax and points. */
const goods = 1;

function propertiesOf(order: shapes.Order, shop: string | undefined) {
  const currency = order.currency_code ?? 'JPY';
  return {
    order_id: order.id,
    order_name: order.order_no ?? undefined,
    affiliation: shop,
    status: order.OrderStatus?.name ?? undefined,
    total: money(order.payment_total, currency),
    subtotal: money(order.subtotal, currency),
    tax: moneyIf(order.tax, currency),
    discount: moneyIf(order.discount, currency),
    shipping: moneyIf(order.delivery_fee_total, currency),
    currency,
    payment_method: order.payment_method ?? undefined,
    points_earned: order.add_point ? toNumber(order.add_point) : undefined,
    points_used: order.use_point ? toNumber(order.use_point) : undefined,
    products: order.OrderItems.filter(({ OrderItemType }) => (OrderItemType?.id ?? goods) === goods).map(
      (item): Product => ({
        product_id: item.Product?.id,
        sku: item.product_code ?? undefined,
        jan: janOf(item.product_code ?? undefined),
        name: item.product_name ?? undefined,
        variant: [item.class_category_name1, item.class_category_name2].filter((part) => part).join(' / ') || undefined,
        quantity: toNumber(item.quantity),
        price: toNumber(item.price),
      }),
    ),
  };
}
