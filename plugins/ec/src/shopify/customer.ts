import { type Draft, shaped, type TraitValue } from '@enishi/plugin-sdk';
import { address, firstName, identifiersOf, inShop, lastName, postalCode, prefecture } from '../customer.ts';
import { customerDeleted, customerRegistered, customerUpdated } from '../events/index.ts';
import { consentDrafts } from './consent.ts';
import * as shapes from './shapes.ts';
import type { Call } from './topics.ts';

/** `customers/create` and `customers/update`. */
export function customerDrafts(payload: unknown, { shop, topic, at }: Call): Draft[] {
  const customer = shaped(shapes.customer, payload);
  const { id, email, phone, created_at, updated_at } = customer;
  const known = {
    identifiers: identifiersOf({ account: id, email, phone }, shop),
    properties: { customer_id: id, affiliation: shop },
    traits: traitsOf(customer),
  };
  const number = inShop(shop, `customer:${id}`);
  const changed = updated_at ?? at;
  const draft =
    topic === 'customers/create'
      ? customerRegistered({ ...known, id: `${number}:registered`, at: created_at ?? at })
      : customerUpdated({ ...known, id: `${number}:updated:${changed.toISOString()}`, at: changed });
  return [draft, ...consentDrafts(customer, shop)];
}

function traitsOf({ first_name, last_name, default_address: home }: shapes.Customer): TraitValue[] {
  const street = [home?.address1, home?.address2].filter((part) => part).join(' ');
  return [
    ...(first_name ? [firstName(first_name)] : []),
    ...(last_name ? [lastName(last_name)] : []),
    ...(home?.zip ? [postalCode(home.zip)] : []),
    ...(home?.province ? [prefecture(home.province)] : []),
    ...(home
      ? [
          address({
            country: home.country ?? undefined,
            postalCode: home.zip ?? undefined,
            state: home.province ?? undefined,
            city: home.city ?? undefined,
            street: street || undefined,
          }),
        ]
      : []),
  ];
}

/** `customers/merge`: two accounts were made one. What is known of both stays; that they are one person, e-mail and telephone say. */
export function mergedCustomer(payload: unknown, { shop, at }: Call): Draft[] {
  const merge = shaped(shapes.merged, payload);
  if (merge.status === 'failed') return [];
  const [kept, gone] = [merge.admin_graphql_api_customer_kept_id, merge.admin_graphql_api_customer_deleted_id];
  return [
    customerDeleted({
      id: inShop(shop, `customer:${gone}:deleted`),
      at,
      identifiers: identifiersOf({ account: gone }, shop),
      properties: { customer_id: gone, affiliation: shop, merged_into: kept },
    }),
  ];
}
