import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { currency, id, money, products, text } from './fields.ts';

export const checkoutStarted = event(
  'ec.checkout_started',
  z.looseObject({
    order_id: id.optional(),
    cart_id: id.optional(),
    affiliation: text.optional(),
    value: money.optional(),
    revenue: money.optional(),
    shipping: money.optional(),
    tax: money.optional(),
    discount: money.optional(),
    coupon: text.optional(),
    currency: currency.optional(),
    products: products.optional(),
  }),
  { description: 'Somebody began to order.', trackedAs: ['Checkout Started'] },
);

const step = {
  checkout_id: id.optional(),
  step: z.number().int().optional(),
  shipping_method: text.optional(),
  payment_method: text.optional(),
};

export const checkoutStepViewed = event('ec.checkout_step_viewed', z.looseObject(step), {
  description: 'A step of the order form was looked at.',
  trackedAs: ['Checkout Step Viewed'],
});

export const checkoutStepCompleted = event('ec.checkout_step_completed', z.looseObject(step), {
  description: 'A step of the order form was filled in.',
  trackedAs: ['Checkout Step Completed'],
});

export const paymentInfoEntered = event('ec.payment_info_entered', z.looseObject({ ...step, order_id: id.optional() }), {
  description: 'The way of payment was given.',
  trackedAs: ['Payment Info Entered'],
});
