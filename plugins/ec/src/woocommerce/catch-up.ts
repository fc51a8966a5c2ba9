import { askJson, type Desk, type Draft, type PollSource, pollChanges, type Stretch } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { readMessage } from '../unreadable.ts';
import { authorised, type WooKey } from './authorise.ts';
import { orderDrafts } from './order.ts';
import { keepProduct } from './product.ts';

export interface WooApiSettings extends WooKey {
  /** `https://shop.example` */
  readonly url: string;
  readonly shop: string | undefined;
}

type Resource = 'orders' | 'products';

/** Two events or more come of each order, and a page of the house holds 500. */
const perPage = 50;

/** WooCommerce sends a webhook once and switches it off after five failures: what it did not bring is read here. Accounts have no time of change to ask by. */
export const wooCatchUp = (settings: WooApiSettings): PollSource =>
  pollChanges({
    description: 'Orders and products of WooCommerce that changed, by its REST API.',
    everySeconds: 300,
    sameAs: 'woocommerce',
    parts: ['orders', 'products'],
    read: async (stretch, desk) => {
      const found = await changed(stretch, settings, desk);
      const drafts: Draft[] = [];
      for (const payload of found) drafts.push(...(await draftsOf(payload, { resource: stretch.part, desk, shop: settings.shop })));
      return { drafts, more: found.length === perPage };
    },
  });

async function changed(
  { part, from, to, page }: Stretch<Resource>,
  settings: WooApiSettings,
  desk: Desk,
): Promise<readonly Record<string, unknown>[]> {
  const query = new URLSearchParams({
    modified_after: from.toISOString(),
    modified_before: to.toISOString(),
    dates_are_gmt: 'true',
    orderby: 'modified',
    order: 'asc',
    per_page: String(perPage),
    page: String(page),
  });
  const question = authorised(new URL(`${settings.url}/wp-json/wc/v3/${part}?${query}`), settings, desk.now());
  return askJson(desk, { partner: 'WooCommerce', ...question, answer: z.array(z.looseObject({ id: z.int() })) });
}

interface Read {
  readonly resource: Resource;
  readonly desk: Desk;
  readonly shop: string | undefined;
}

function draftsOf(payload: Record<string, unknown>, { resource, desk, shop }: Read): Promise<readonly Draft[]> {
  const id = `woocommerce:${resource}:${String(payload.id)}:${String(payload.date_modified_gmt)}`;
  return readMessage({ id, at: desk.now(), payload }, async () => {
    if (resource === 'orders') return orderDrafts(payload, shop);
    await keepProduct(payload, shop, desk);
    return [];
  });
}
