import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { id, money, text } from './fields.ts';

const coupon = { order_id: id.optional(), cart_id: id.optional(), coupon_id: id.optional() };
const named = z.looseObject({ ...coupon, coupon_name: text.optional(), discount: money.optional() });

export const couponEntered = event('ec.coupon_entered', z.looseObject(coupon), {
  description: 'A coupon was typed in.',
  trackedAs: ['Coupon Entered'],
});

export const couponApplied = event('ec.coupon_applied', named, {
  description: 'A coupon was accepted; `discount` is what it took off.',
  trackedAs: ['Coupon Applied'],
});

export const couponDenied = event('ec.coupon_denied', z.looseObject({ ...coupon, coupon_name: text.optional(), reason: text.optional() }), {
  description: 'A coupon was refused.',
  trackedAs: ['Coupon Denied'],
});

export const couponRemoved = event('ec.coupon_removed', named, {
  description: 'A coupon was taken back.',
  trackedAs: ['Coupon Removed'],
});

const promotion = z.looseObject({
  promotion_id: id.optional(),
  creative: text.optional(),
  name: text.optional(),
  position: z.union([text, z.number()]).optional(),
});

export const promotionViewed = event('ec.promotion_viewed', promotion, {
  description: 'A banner or other promotion was shown.',
  trackedAs: ['Promotion Viewed'],
});

export const promotionClicked = event('ec.promotion_clicked', promotion, {
  description: 'A banner or other promotion was clicked.',
  trackedAs: ['Promotion Clicked'],
});
