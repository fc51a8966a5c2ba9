import type { Desk, Draft } from '@enishi/plugin-sdk';
import { dropListing } from '../catalogue/store.ts';
import { deletedCustomer, deletedOrder } from '../gone.ts';
import { readMessage } from '../unreadable.ts';
import { customerDrafts } from './customer.ts';
import { orderDrafts } from './order.ts';
import { keepProduct } from './product.ts';
import type { Entity } from './queries.ts';
import type { EccubeSettings } from './settings.ts';

/** The events of one thing as the shop's API answers it, whether a webhook or the catch-up asked. */
export function draftsOf(entity: Entity, payload: Record<string, unknown>, { settings, desk }: { settings: EccubeSettings; desk: Desk }) {
  const message = { id: `eccube:${entity}:${String(payload.id)}:${String(payload.update_date)}`, at: desk.now(), payload };
  return readMessage(message, async (): Promise<readonly Draft[]> => {
    switch (entity) {
      case 'order':
        return orderDrafts(payload, settings);
      case 'customer':
        return customerDrafts(payload, settings.shop);
      case 'product':
        await keepProduct(payload, settings, desk);
        return [];
    }
  });
}

/** What there is to say of a thing that is gone. */
export async function draftsOfGone(
  entity: Entity,
  id: string,
  { settings, desk }: { settings: EccubeSettings; desk: Desk },
): Promise<Draft[]> {
  switch (entity) {
    case 'order':
      return deletedOrder(id, settings.shop, desk.now());
    case 'customer':
      return deletedCustomer(id, settings.shop, desk.now());
    case 'product':
      await dropListing(desk, { productId: id, shop: settings.shop, updatedAt: desk.now() });
      return [];
  }
}
