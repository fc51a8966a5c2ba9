import { AskRefused, askJson, type Desk, type Draft, type PollSource, pollChanges, type Stretch } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { readMessage } from '../unreadable.ts';
import { authorised, type WooKey } from './authorise.ts';
import { customerDrafts } from './customer.ts';
import { orderDrafts } from './order.ts';
import { keepProduct } from './product.ts';
import * as shapes from './shapes.ts';

export interface WooApiSettings extends WooKey {
  /** `https://shop.example` */
  readonly url: string;
  readonly shop: string | undefined;
}

type Resource = 'orders' | 'products' | 'customers';

/** Two events or more come of each order, and a page of the house holds 500. */
const perPage = 50;

/** WooCommerce sends a webhook once and switches it off after five failures: what it did not bring is read here, of accounts the new ones. */
export const wooCatchUp = (settings: WooApiSettings): PollSource =>
  pollChanges({
    description: 'Orders and products of WooCommerce that changed and its new accounts, by its REST API.',
    everySeconds: 300,
    sameAs: 'woocommerce',
    parts: ['orders', 'products', 'customers'],
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
  const paging = { per_page: String(perPage), page: String(page) };
  const within = { modified_after: from.toISOString(), modified_before: to.toISOString(), dates_are_gmt: 'true' };
  // Accounts cannot be asked for by a time: the newest come first, and the first that is older ends the reading.
  const query = new URLSearchParams(
    part === 'customers'
      ? { orderby: 'registered_date', order: 'desc', ...paging }
      : { ...within, orderby: 'modified', order: 'asc', ...paging },
  );
  const question = authorised(new URL(`${settings.url}/wp-json/wc/v3/${part}?${query}`), settings, desk.now());
  const asked = askJson(desk, { partner: 'WooCommerce', ...question, answer: z.array(z.looseObject({ id: z.int() })) });
  if (part !== 'customers') return asked;
  try {
    return (await asked).filter(({ date_created_gmt }) => !isBefore(date_created_gmt, from));
  } catch (error) {
    // A key without the right to accounts must not keep the orders from being read.
    if (!(error instanceof AskRefused)) throw error;
    desk.log.warn(`new accounts are not read: ${error.message}`);
    return [];
  }
}

/** A time that cannot be read is no reason to pass somebody over: they are quarantined with it. */
function isBefore(written: unknown, from: Date): boolean {
  const { success, data } = shapes.gmt.safeParse(written);
  return success && data < from;
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
    if (resource === 'customers') return customerDrafts(payload, shop);
    await keepProduct(payload, shop, desk);
    return [];
  });
}
