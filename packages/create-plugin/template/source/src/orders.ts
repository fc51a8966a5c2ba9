import { event, hmacSignature, namespace, trait, webhook } from '@enishi/plugin-sdk';
import { z } from 'zod';

/** Acme's own id of an account. Seen beside an e-mail address it ties the two together. */
export const account = namespace('acme.account', { description: 'Account id at Acme.' });

const tiers = z.enum(['basic', 'plus']);

export const tier = trait('acme.tier', tiers, { description: 'Tier of the account at Acme.' });

export const orderPlaced = event('acme.order_placed', z.object({ total: z.number(), currency: z.string().length(3) }), {
  description: 'Somebody placed an order at Acme.',
});

const body = z.object({
  orders: z.array(
    z.object({
      id: z.string().min(1),
      placedAt: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
      account: z.string().min(1),
      email: z.string().optional(),
      tier: tiers.optional(),
      total: z.number(),
      currency: z.string().length(3),
    }),
  ),
});

/** Orders as Acme sends them: JSON, signed with HMAC-SHA256 in hex. */
export const ordersWebhook = (signingSecret: string) =>
  webhook({
    description: 'Orders as they are placed.',
    body,
    verify: hmacSignature({ header: 'x-acme-signature', secret: signingSecret, encoding: 'hex' }),
    receive: ({ orders }) =>
      orders.map((order) =>
        orderPlaced({
          // The vendor's own id: a call that comes twice then counts once.
          id: order.id,
          at: order.placedAt,
          identifiers: { 'acme.account': order.account, email: order.email },
          properties: { total: order.total, currency: order.currency },
          traits: order.tier === undefined ? [] : [tier(order.tier)],
        }),
      ),
  });
