import { AskRefused, askJson, type Desk } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { knownAs } from './merged.ts';
import type { SquareSettings } from './settings.ts';
import * as shapes from './shapes.ts';

/** What Square is asked for: `get('orders', id)`. */
export interface Square {
  readonly order: (id: string) => Promise<shapes.Order | undefined>;
  readonly payment: (id: string) => Promise<shapes.Payment | undefined>;
  /** Under the id they are known by here. */
  readonly customer: (id: string) => Promise<shapes.Customer | undefined>;
}

/** `undefined` stands for what is gone. An answer that holds only `errors` is none, whatever its status. */
export function square(desk: Desk, { url, accessToken, version }: SquareSettings): Square {
  const get = async <TThing>(path: string, answer: z.ZodType<TThing>): Promise<TThing | undefined> => {
    const headers = { authorization: `Bearer ${accessToken}`, 'square-version': version };
    try {
      return await askJson(desk, { partner: 'Square', url: `${url}/v2/${path}`, headers, answer });
    } catch (error) {
      if (error instanceof AskRefused && error.status === 404) return undefined;
      throw error;
    }
  };
  const part = encodeURIComponent;
  return {
    order: async (id) => (await get(`orders/${part(id)}`, z.object({ order: shapes.order })))?.order,
    payment: async (id) => (await get(`payments/${part(id)}`, z.object({ payment: shapes.payment })))?.payment,
    customer: async (id) => {
      const customer = (await get(`customers/${part(id)}`, z.object({ customer: shapes.customer })))?.customer;
      return customer && { ...customer, id: await knownAs(desk, customer.id) };
    },
  };
}
