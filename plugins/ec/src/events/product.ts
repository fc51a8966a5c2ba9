import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { currency, id, money, productFields, products, text } from './fields.ts';

const choice = z.looseObject({ type: text.optional(), value: z.union([text, z.number(), z.boolean()]).optional() });

export const productsSearched = event('ec.products_searched', z.looseObject({ query: text }), {
  description: 'Somebody searched the shop.',
  trackedAs: ['Products Searched'],
});

const listFields = { list_id: id.optional(), category: text.optional(), products: products.optional() };

export const productListViewed = event('ec.product_list_viewed', z.looseObject(listFields), {
  description: 'A list or category of products was looked at.',
  trackedAs: ['Product List Viewed'],
});

export const productListFiltered = event(
  'ec.product_list_filtered',
  z.looseObject({ ...listFields, filters: z.array(choice).max(100).optional(), sorts: z.array(choice).max(100).optional() }),
  { description: 'A list of products was narrowed or put in another order.', trackedAs: ['Product List Filtered'] },
);

export const productClicked = event('ec.product_clicked', z.looseObject(productFields), {
  description: 'A product was chosen from a list.',
  trackedAs: ['Product Clicked'],
});

export const productViewed = event(
  'ec.product_viewed',
  z.looseObject({ ...productFields, currency: currency.optional(), value: money.optional() }),
  { description: "A product's page was looked at.", trackedAs: ['Product Viewed'] },
);

export const productReviewed = event(
  'ec.product_reviewed',
  z.looseObject({
    product_id: id,
    review_id: id.optional(),
    review_body: z.string().max(20_000).optional(),
    rating: z.union([z.number(), text]).optional(),
  }),
  { description: 'A product was reviewed.', trackedAs: ['Product Reviewed'] },
);

const share = { share_via: text.optional(), share_message: text.optional(), recipient: text.optional() };

export const productShared = event('ec.product_shared', z.looseObject({ ...share, ...productFields }), {
  description: 'A product was shared with somebody.',
  trackedAs: ['Product Shared'],
});

export const cartShared = event('ec.cart_shared', z.looseObject({ ...share, cart_id: id.optional(), products: products.optional() }), {
  description: 'A cart was shared with somebody.',
  trackedAs: ['Cart Shared'],
});
