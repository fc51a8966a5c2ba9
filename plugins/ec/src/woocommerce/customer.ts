import { type Draft, shaped, type TraitValue } from '@enishi/plugin-sdk';
import { address, firstName, identifiersOf, inShop, lastName, postalCode } from '../customer.ts';
import { customerRegistered, customerUpdated } from '../events/index.ts';
import * as shapes from './shapes.ts';

/** An account as it is. The first that is heard of it is its registration. */
export function customerDrafts(payload: unknown, shop: string | undefined): Draft[] {
  const customer = shaped(shapes.customer, payload);
  const { id, email, billing, date_created_gmt: registered, date_modified_gmt: changed } = customer;
  const known = {
    identifiers: identifiersOf({ account: id, email, phone: billing?.phone }, shop),
    properties: { customer_id: id, affiliation: shop },
  };
  const number = inShop(shop, `customer:${id}`);
  const first = customerRegistered({ ...known, id: `${number}:registered`, at: registered, traits: traitsOf(customer) });
  if (!changed || changed <= registered) return [first];
  return [first, customerUpdated({ ...known, id: `${number}:updated:${changed.toISOString()}`, at: changed, traits: traitsOf(customer) })];
}

function traitsOf({ first_name, last_name, billing }: shapes.Customer): TraitValue[] {
  const street = [billing?.address_1, billing?.address_2].filter((part) => part).join(' ');
  return [
    ...(first_name ? [firstName(first_name)] : []),
    ...(last_name ? [lastName(last_name)] : []),
    ...(billing?.postcode ? [postalCode(billing.postcode)] : []),
    ...(billing?.postcode || street
      ? [
          address({
            country: billing?.country || undefined,
            postalCode: billing?.postcode || undefined,
            state: billing?.state || undefined,
            city: billing?.city || undefined,
            street: street || undefined,
          }),
        ]
      : []),
  ];
}
