import { type Draft, shaped, type TraitValue } from '@enishi/plugin-sdk';
import { toNumber } from '@enishi/plugin-sdk/files';
import * as traits from '../customer.ts';
import { customerRegistered, customerUpdated } from '../events/index.ts';
import { deletedCustomer } from '../gone.ts';
import * as shapes from './shapes.ts';

/** 仮会員: the address is not confirmed, so it may be anybody's. */
const provisional = 1;
/** 退会 */
const left = 3;

/** An account as it is. The first that is heard of it is its registration. */
export function customerDrafts(payload: unknown, shop: string | undefined): Draft[] {
  const customer = shaped(shapes.customer, payload);
  const { id, create_date: registered, update_date: changed, Status } = customer;
  if (Status?.id === provisional) return [];
  // Whoever left has their address overwritten by the shop; it must not be learned.
  if (Status?.id === left) return deletedCustomer(id, shop, changed);
  const known = {
    identifiers: traits.identifiersOf({ account: id, email: customer.email, phone: customer.phone_number }, shop),
    properties: { customer_id: id, affiliation: shop },
    traits: traitsOf(customer),
  };
  const number = traits.inShop(shop, `customer:${id}`);
  const first = customerRegistered({ ...known, id: `${number}:registered`, at: registered });
  return changed <= registered
    ? [first]
    : [first, customerUpdated({ ...known, id: `${number}:updated:${changed.toISOString()}`, at: changed })];
}

function traitsOf(customer: shapes.Customer): TraitValue[] {
  const { name01, name02, kana01, kana02, postal_code, addr01, addr02, birth, point, buy_total, Pref, Sex } = customer;
  return [
    ...(name01 ? [traits.lastName(name01)] : []),
    ...(name02 ? [traits.firstName(name02)] : []),
    ...(kana01 ? [traits.lastNameKana(kana01)] : []),
    ...(kana02 ? [traits.firstNameKana(kana02)] : []),
    ...(birth ? [traits.birthday(birth.slice(0, 10))] : []),
    ...(Sex?.name ? [traits.gender(Sex.name)] : []),
    ...(postal_code ? [traits.postalCode(postal_code)] : []),
    ...(Pref?.name ? [traits.prefecture(Pref.name)] : []),
    ...(addr01
      ? [
          traits.address({
            postalCode: postal_code ?? undefined,
            state: Pref?.name ?? undefined,
            city: addr01,
            street: addr02 ?? undefined,
          }),
        ]
      : []),
    ...(point ? [traits.points(toNumber(point))] : []),
    ...(buy_total ? [traits.totalSpent(toNumber(buy_total))] : []),
  ];
}
