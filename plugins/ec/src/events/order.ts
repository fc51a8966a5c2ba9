import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { currency, id, money, products, text } from './fields.ts';

const amounts = {
  revenue: money.optional(),
  shipping: money.optional(),
  tax: money.optional(),
  discount: money.optional(),
  coupon: text.optional(),
  currency: currency.optional(),
};
const order = { order_id: id, affiliation: text.optional(), total: money.optional(), ...amounts, products: products.optional() };

export const orderCompleted = event(
  'ec.order_completed',
  z.looseObject({ ...order, checkout_id: id.optional(), cart_id: id.optional(), subtotal: money.optional() }),
  {
    description:
      'An order was placed. `subtotal` is after discounts, `total` adds tax and shipping, `revenue` leaves both out; money in major units.',
    trackedAs: ['Order Completed'],
  },
);

export const orderUpdated = event('ec.order_updated', z.looseObject(order), {
  description: 'An order was changed after it was placed.',
  trackedAs: ['Order Updated'],
});

export const orderCancelled = event('ec.order_cancelled', z.looseObject(order), {
  description: 'An order was cancelled before it was delivered.',
  trackedAs: ['Order Cancelled'],
});

export const orderRefunded = event('ec.order_refunded', z.looseObject(order), {
  description: 'Money went back: the whole order, or with `total` and `products` the part they name. Amounts and quantities are positive.',
  trackedAs: ['Order Refunded'],
});
