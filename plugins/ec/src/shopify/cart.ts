import { type Draft, shaped } from '@enishi/plugin-sdk';
import { identifiersOf, inShop } from '../customer.ts';
import { cartUpdated, checkoutStarted, checkoutStepCompleted } from '../events/index.ts';
import { moneyIf } from '../money.ts';
import { productsOf } from './order.ts';
import * as shapes from './shapes.ts';
import type { Call } from './topics.ts';

/** `carts/create` and `carts/update`. A cart names nobody: its token leads to the order that it becomes. */
export function cartDrafts(payload: unknown, { shop, at }: Call): Draft[] {
  const { token, created_at, updated_at, line_items } = shaped(shapes.cart, payload);
  const changed = updated_at ?? created_at ?? at;
  return [
    cartUpdated({
      id: inShop(shop, `cart:${token}:${changed.toISOString()}`),
      at: changed,
      identifiers: identifiersOf({ cart: token }, shop),
      properties: { cart_id: token, affiliation: shop, products: productsOf(line_items) },
    }),
  ];
}

/** `checkouts/create` and `checkouts/update`: the first one is where somebody began to order, each change a step they took. */
export function checkoutDrafts(payload: unknown, { shop, topic, at }: Call): Draft[] {
  const checkout = shaped(shapes.checkout, payload);
  const { token, customer, created_at } = checkout;
  const cart = checkout.cart_token ?? token;
  const who = { account: customer?.id, cart, email: checkout.email ?? customer?.email, phone: checkout.phone ?? customer?.phone };
  const identifiers = identifiersOf(who, shop);
  const started = checkoutStarted({
    id: inShop(shop, `checkout:${token}`),
    at: created_at,
    identifiers,
    properties: { checkout_id: token, cart_id: cart, affiliation: shop, ...amountsOf(checkout), products: productsOf(checkout.line_items) },
  });
  if (topic === 'checkouts/create') return [started];
  const changed = checkout.updated_at ?? at;
  return [
    started,
    checkoutStepCompleted({
      id: inShop(shop, `checkout:${token}:${changed.toISOString()}`),
      at: changed,
      identifiers,
      properties: { checkout_id: token, cart_id: cart },
    }),
  ];
}

function amountsOf({ currency, total_price, total_tax, total_discounts, discount_codes }: shapes.Checkout) {
  const coupon = discount_codes?.[0]?.code ?? undefined;
  if (!currency) return { coupon };
  return {
    value: moneyIf(total_price, currency),
    tax: moneyIf(total_tax, currency),
    discount: moneyIf(total_discounts, currency),
    coupon,
    currency,
  };
}
