import { address, birthday, gender } from '@enishi/plugin-ec';
import { homeStore, memberUpdated, purchaseCompleted } from '@enishi/plugin-pos';
import type { Draft, Identifiers } from '@enishi/plugin-sdk';
import { newsletterConsent } from './consent.ts';
import { type Bought, type Happening, type Joined, totalOf } from './world/happening.ts';

/** Who was at the till. A receipt of nobody known stays alone, under an identity of its own. */
const shopper = ({ member, email, phone }: Happening['signs'], receipt?: string): Identifiers => ({
  member,
  email,
  phone,
  anonymous: member === undefined && receipt !== undefined ? `receipt:${receipt}` : undefined,
});

/** A paper form, typed in by a clerk: the whole name and the whole address stand in one field each. */
export const cardIssued = ({ id, at, signs, written, store, newsletter }: Joined): Draft =>
  memberUpdated({
    id,
    at,
    identifiers: shopper(signs),
    properties: signs.member === undefined ? {} : { member: signs.member },
    traits: [
      { trait: 'name', value: written.name.whole },
      { trait: 'kana', value: written.kana.whole },
      address({ country: 'JP', postalCode: written.postcode, street: written.address.whole }),
      ...(store === undefined ? [] : [homeStore(store)]),
      ...(written.birthday === undefined ? [] : [birthday(written.birthday)]),
      ...(written.sex === undefined ? [] : [gender(written.sex)]),
    ],
    consents: newsletterConsent(newsletter, 'paper form of the store'),
  });

export const tillReceipt = ({ id, at, signs, store, lines }: Bought): Draft =>
  purchaseCompleted({
    id,
    at,
    identifiers: shopper(signs, id),
    properties: {
      store_id: store,
      register_id: '1',
      receipt_number: id,
      total: totalOf(lines),
      currency: 'JPY',
      products: lines.map(({ product, quantity }) => ({
        product_id: product.sku,
        name: product.name,
        category: product.category,
        price: product.price,
        quantity,
        amount: product.price * quantity,
      })),
    },
  });
