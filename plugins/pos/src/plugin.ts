import { type AnyEventType, definePlugin, type Host, type Source } from '@enishi/plugin-sdk';
import type { z } from 'zod';
import { computedTraits } from './computed.ts';
import { config, hostsOf, smaregiSettings, squareSettings } from './config.ts';
import { household, smaregiCustomer, squareCustomer, traits } from './customer.ts';
import * as events from './events/index.ts';
import { campaignsFile } from './files/campaigns.ts';
import { membersFile } from './files/members.ts';
import { receiptsFile } from './files/receipts.ts';
import { redemptionsFile } from './files/redemptions.ts';
import { icon, texts } from './look.ts';
import { poslogFile } from './poslog/file.ts';
import { smaregiCatchUp } from './smaregi/catch-up.ts';
import { smaregiWebhook } from './smaregi/webhook.ts';
import { squareWebhook } from './square/webhook.ts';
import { receiptsWebhook } from './webhook.ts';

export const pos = definePlugin({
  name: 'pos',
  description:
    'Stores: receipts by Square, Smaregi, signed webhook and file (CSV, NDJSON, POSLog); coupons, campaigns and members by file.',
  config,
  keepsSecrets: ({ smaregi }) => smaregi !== undefined,
  hosts: hostsOf,
  texts,
  icon,
  events: Object.values(events) satisfies AnyEventType[],
  namespaces: [household, squareCustomer, smaregiCustomer],
  traits,
  computedTraits,
  setup: (settings, host) => ({
    sources: {
      ...called(settings, host),
      receipts: receiptsFile({ chain: settings.chain }),
      poslog: poslogFile({ chain: settings.chain }),
      redemptions: redemptionsFile({ chain: settings.chain }),
      campaigns: campaignsFile({ chain: settings.chain }),
      members: membersFile({ chain: settings.chain }),
    },
  }),
});

/** The sources of the systems that are configured. */
function called(settings: z.output<typeof config>, host: Host): Record<string, Source> {
  const { webhookSecret: secret, chain } = settings;
  const square = squareSettings(settings, host);
  const smaregi = smaregiSettings(settings);
  return {
    ...(secret === undefined ? {} : { webhook: receiptsWebhook({ secret, chain }) }),
    ...(square && { square: squareWebhook(square) }),
    ...(smaregi && { smaregi: smaregiWebhook(smaregi), 'smaregi-catch-up': smaregiCatchUp(smaregi) }),
  };
}
