import type { Draft } from '@enishi/plugin-sdk';
import { identifiersOf, inShop } from './customer.ts';
import { customerDeleted, orderCancelled } from './events/index.ts';

// A shop that deletes something says only its number.

export const deletedCustomer = (id: string, shop: string | undefined, at: Date): Draft[] => [
  customerDeleted({
    id: inShop(shop, `customer:${id}:deleted`),
    at,
    identifiers: identifiersOf({ account: id }, shop),
    properties: { customer_id: id, affiliation: shop },
  }),
];

export const deletedOrder = (id: string, shop: string | undefined, at: Date): Draft[] => [
  orderCancelled({
    id: inShop(shop, `order:${id}:deleted`),
    at,
    identifiers: identifiersOf({ order: id }, shop),
    properties: { order_id: id, affiliation: shop, deleted: true },
  }),
];
