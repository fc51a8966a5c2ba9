import { type AnyEventType, definePlugin, secret } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { household, traits } from './customer.ts';
import * as events from './events/index.ts';
import { campaignsFile } from './files/campaigns.ts';
import { membersFile } from './files/members.ts';
import { receiptsFile } from './files/receipts.ts';
import { redemptionsFile } from './files/redemptions.ts';
import { receiptsWebhook } from './receipt.ts';

export const pos = definePlugin({
  name: 'pos',
  description: 'Stores: receipts by signed webhook and by file; coupons, campaigns and members by file.',
  config: z.object({
    /** Signs the webhook. Without it there is no webhook. */
    webhookSecret: secret().optional(),
    /** Name of the chain, where the workspace has more than one: their store, receipt and household numbers are then kept apart. */
    chain: z
      .string()
      .regex(/^[a-z0-9-]+$/)
      .optional(),
  }),
  events: Object.values(events) satisfies AnyEventType[],
  namespaces: [household],
  traits,
  setup: ({ webhookSecret, chain }) => ({
    sources: {
      ...(webhookSecret === undefined ? {} : { webhook: receiptsWebhook({ secret: webhookSecret, chain }) }),
      receipts: receiptsFile({ chain }),
      redemptions: redemptionsFile({ chain }),
      campaigns: campaignsFile({ chain }),
      members: membersFile({ chain }),
    },
  }),
});
