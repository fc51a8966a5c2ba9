import { event } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { currency, id, productFields, products, text } from './fields.ts';

const inCart = z.looseObject({ cart_id: id.optional(), ...productFields });

export const productAdded = event('ec.product_added', inCart, {
  description: 'A product was put into the cart.',
  trackedAs: ['Product Added'],
});

export const productRemoved = event('ec.product_removed', inCart, {
  description: 'A product was taken out of the cart.',
  trackedAs: ['Product Removed'],
});

export const cartViewed = event('ec.cart_viewed', z.looseObject({ cart_id: id.optional(), products: products.optional() }), {
  description: 'The cart was looked at; `products` is what it holds.',
  trackedAs: ['Cart Viewed'],
});

export const cartUpdated = event(
  'ec.cart_updated',
  z.looseObject({ cart_id: id, currency: currency.optional(), products: products.optional() }),
  { description: 'The cart is another than before; `products` is what it holds now.' },
);

const wishlist = { wishlist_id: id.optional(), wishlist_name: text.optional(), ...productFields };

export const productAddedToWishlist = event('ec.product_added_to_wishlist', z.looseObject(wishlist), {
  description: 'A product was put on a wish list.',
  trackedAs: ['Product Added to Wishlist'],
});

export const productRemovedFromWishlist = event('ec.product_removed_from_wishlist', z.looseObject(wishlist), {
  description: 'A product was taken off a wish list.',
  trackedAs: ['Product Removed from Wishlist'],
});

export const wishlistProductAddedToCart = event(
  'ec.wishlist_product_added_to_cart',
  z.looseObject({ ...wishlist, cart_id: id.optional() }),
  { description: 'A product went from a wish list into the cart.', trackedAs: ['Wishlist Product Added to Cart'] },
);
