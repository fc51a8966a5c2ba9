import { type Identifiers, namespace, trait } from '@enishi/plugin-sdk';
import { z } from 'zod';

/** What shops write for a guest. It must be caught before and after the shop's name is put in front, or all guests become one customer. */
const nobody = /^(?:0+|-1|null|nil|none|nan|undefined|n\/?a|guest|anonymous|unknown|ゲスト|非会員|-*)$/i;

/** The account id, or `undefined` where it names nobody. */
export function accountId(raw: string | undefined): string | undefined {
  const id = raw?.normalize('NFKC').trim();
  return id === undefined || nobody.test(id.slice(id.lastIndexOf(':') + 1)) ? undefined : id;
}

export const customerId = namespace('ec.customer', {
  description: 'Account id in the web shop; `shop:id` where a workspace has more than one shop.',
  priority: 30,
  limit: 1,
  normalise: accountId,
});

/** Refunds and deletions name an order and nobody; the order's number leads to whoever ordered. */
export const orderNumber = namespace('ec.order', {
  description: "An order, by the shop's own number; `shop:number` where a workspace has more than one shop.",
  priority: 80,
  limit: 100_000,
});

const text = z.string().max(500);

/** Named as the tracking API's `identify` names them, so that a web page and the shop speak of the same trait. */
export const firstName = trait('firstName', text, { description: 'Given name, 名.' });
export const lastName = trait('lastName', text, { description: 'Family name, 姓.' });
export const birthday = trait('birthday', z.string().regex(/^\d{4}-\d{2}-\d{2}(T.*)?$/, 'a date such as 1990-05-01'), {
  description: 'Date of birth, ISO 8601.',
});
export const gender = trait('gender', text, { description: 'As the source says it: `male`, `female`, ...' });
export const address = trait(
  'address',
  z.looseObject({
    country: text.optional(),
    postalCode: text.optional(),
    state: text.optional(),
    city: text.optional(),
    street: text.optional(),
  }),
  { description: 'Postal address; `state` is the prefecture, 都道府県.' },
);

export const firstNameKana = trait('ec.firstNameKana', text, { description: 'Reading of the given name, メイ.' });
export const lastNameKana = trait('ec.lastNameKana', text, { description: 'Reading of the family name, セイ.' });
/** Beside `address`, because rules compare plain values. */
export const postalCode = trait('ec.postalCode', text, { description: 'Postal code, 郵便番号.' });
export const prefecture = trait('ec.prefecture', text, { description: 'Prefecture, 都道府県.' });
export const points = trait('ec.points', z.number(), { description: 'Points the account holds.' });
export const totalSpent = trait('ec.totalSpent', z.number(), { description: "The shop's own total of all orders, in major units." });

export const traits = [
  firstName,
  lastName,
  birthday,
  gender,
  address,
  firstNameKana,
  lastNameKana,
  postalCode,
  prefecture,
  points,
  totalSpent,
];

/** Account and order numbers are unique within a shop only: without its name two shops would share customers. */
export const inShop = (shop: string | undefined, number: string): string => (shop === undefined ? number : `${shop}:${number}`);

/** Who a shop's document is about, as far as it says. */
export interface Buyer {
  readonly account?: string | undefined;
  readonly order?: string | undefined;
  readonly cart?: string | undefined;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
}

/** Their identifiers. A guest is known by the order alone, so no two guests are tied together. */
export function identifiersOf({ account, order, cart, email, phone }: Buyer, shop: string | undefined): Identifiers {
  const known = accountId(account);
  return {
    'ec.customer': known === undefined ? undefined : inShop(shop, known),
    'ec.order': order === undefined ? undefined : inShop(shop, order),
    email: email ?? undefined,
    phone: phone ?? undefined,
    anonymous: cart === undefined ? undefined : inShop(shop, `cart:${cart}`),
  };
}
