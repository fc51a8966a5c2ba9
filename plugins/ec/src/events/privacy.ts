import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { id, text } from './fields.ts';

const request = z.looseObject({
  shop: text,
  customer_id: id.optional(),
  request_id: id.optional(),
  orders: z.array(id).max(10_000).optional(),
});

export const erasureRequested = event('ec.erasure_requested', request, {
  description:
    'The shop asks that what is known of somebody be erased; without a customer, of everybody in the shop. Consents are withdrawn with it.',
});

export const dataRequested = event('ec.data_requested', request, {
  description: 'Somebody asked the shop for what is known of them: it is to be given to the owner of the shop.',
});
