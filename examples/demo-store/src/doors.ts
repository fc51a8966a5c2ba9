import {
  address,
  birthday,
  customerRegistered,
  firstName,
  firstNameKana,
  gender,
  lastName,
  lastNameKana,
  orderCompleted,
  postalCode,
  prefecture,
  productAdded,
  productViewed,
} from '@enishi/plugin-ec';
import type { Draft, Identifiers, TraitValue } from '@enishi/plugin-sdk';
import { newsletterConsent } from './consent.ts';
import { cardIssued, tillReceipt } from './till.ts';
import {
  type Carted,
  type Happening,
  type Joined,
  type Line,
  type Ordered,
  totalOf,
  type Viewed,
  type Written,
} from './world/happening.ts';

/** Which source tells of a happening, and in which words. */
export interface Telling {
  readonly source: 'pos.webhook' | 'ec.webhook' | 'tracking';
  readonly draft: Draft;
}

/** Turns what happened into what its source would have sent: the till, the shop or the tag on the shop's pages. */
export function doorOf(happening: Happening): Telling {
  switch (happening.kind) {
    case 'joined':
      return happening.door === 'shop'
        ? { source: 'ec.webhook', draft: registered(happening) }
        : { source: 'pos.webhook', draft: cardIssued(happening) };
    case 'receipt':
      return { source: 'pos.webhook', draft: tillReceipt(happening) };
    case 'order':
      return { source: 'ec.webhook', draft: ordered(happening) };
    case 'cart':
      return { source: 'ec.webhook', draft: carted(happening) };
    case 'view':
      return { source: 'tracking', draft: viewed(happening) };
  }
}

/** The account where there is one; a guest is known by what the order form asks for. */
const shopper = ({ user, email, phone, browser }: Happening['signs']): Identifiers => ({
  'ec.customer': user,
  email,
  phone,
  anonymous: browser,
});

const registered = ({ id, at, signs, written, newsletter }: Joined): Draft =>
  customerRegistered({
    id,
    at,
    identifiers: shopper(signs),
    properties: signs.user === undefined ? {} : { customer_id: signs.user },
    traits: traitsOf(written),
    consents: newsletterConsent(newsletter, 'sign-up form of the shop'),
  });

const ordered = ({ id, at, signs, cart, lines, written }: Ordered): Draft =>
  orderCompleted({
    id,
    at,
    identifiers: shopper(signs),
    properties: { order_id: id, cart_id: cart, total: totalOf(lines), currency: 'JPY', products: lines.map(productOf) },
    traits: traitsOf(written),
  });

const carted = ({ id, at, signs, cart, lines }: Carted): Draft =>
  productAdded({ id, at, identifiers: shopper(signs), properties: { cart_id: cart, ...lines.map(productOf)[0] } });

/** The page's tag knows the browser, and the account once somebody has logged in. */
const viewed = ({ id, at, signs, product }: Viewed): Draft =>
  productViewed({
    id,
    at,
    identifiers: { anonymous: signs.browser, user: signs.user },
    properties: { product_id: product.sku, name: product.name, category: product.category, price: product.price, currency: 'JPY' },
  });

const productOf = ({ product, quantity }: Line) => ({
  product_id: product.sku,
  name: product.name,
  category: product.category,
  price: product.price,
  quantity,
});

/** What a shop's form asks for: the prefecture comes from a list, the rest as people type it. */
const traitsOf = ({ name, kana, postcode, address: written, place, birthday: born, sex }: Written): TraitValue[] => [
  lastName(name.family),
  firstName(name.given),
  lastNameKana(kana.family),
  firstNameKana(kana.given),
  postalCode(postcode),
  prefecture(place.prefecture),
  address({ country: 'JP', postalCode: postcode, state: place.prefecture, city: place.city, street: written.street }),
  ...(born === undefined ? [] : [birthday(born)]),
  ...(sex === undefined ? [] : [gender(sex)]),
];
