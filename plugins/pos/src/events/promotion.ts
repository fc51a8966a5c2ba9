import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { day, id, text } from './fields.ts';

export const couponRedeemed = event(
  'pos.coupon_redeemed',
  z.looseObject({
    coupon_id: id,
    campaign_id: id.optional(),
    store_id: id.optional(),
    receipt_number: id.optional(),
    product_count: z.int().min(0).optional(),
    product_ids: z.array(id).max(100).optional(),
  }),
  {
    description:
      'A coupon was handed in at the till. `product_count` is how many products it is good for; `product_ids` names them where they are at most 100.',
  },
);

export const campaignSent = event(
  'pos.campaign_sent',
  z.looseObject({ campaign_id: id, campaign_type: text.optional(), starts_on: day.optional(), ends_on: day.optional() }),
  { description: 'A mailing or other campaign was sent to somebody.' },
);
