import { type Desk, type Draft, hmacSignature, type WebhookSource, webhook } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { askShop } from './ask.ts';
import { draftsOf, draftsOfGone } from './entity.ts';
import { type Entity, oneOf } from './queries.ts';
import type { EccubeSettings } from './settings.ts';

const change = z.looseObject({
  entity: z.string(),
  id: z.union([z.string().min(1), z.int().transform(String)]),
  action: z.string(),
});

/**
 * EC-CUBE 4 says which things changed and waits at most five seconds at the end of a customer's own request, once: the call is
 * kept and answered, and what changed is asked for behind it. The documents show one change, the shop sends a list.
 */
export const eccubeWebhook = (settings: EccubeSettings): WebhookSource =>
  webhook({
    description: 'Webhook of EC-CUBE 4 (Web API plugin): which orders, customers and products changed; they are then asked for.',
    body: z.union([z.array(change).min(1).max(500), change.transform((one) => [one])]),
    verify: hmacSignature({ header: 'x-eccube-signature', secret: settings.webhookSecret, encoding: 'hex' }),
    work: 'later',
    receive: async (changes, _request, desk) => {
      const drafts: Draft[] = [];
      for (const each of changes) drafts.push(...(await changed(each, settings, desk)));
      return drafts;
    },
  });

const isEntity = (name: string): name is Entity => name === 'order' || name === 'customer' || name === 'product';

async function changed({ entity, id, action }: z.output<typeof change>, settings: EccubeSettings, desk: Desk): Promise<readonly Draft[]> {
  if (!isEntity(entity)) {
    desk.log.info(`EC-CUBE tells of a changed ${entity}, which this plugin does not take`, { id, action });
    return [];
  }
  if (action === 'deleted') return draftsOfGone(entity, id, { settings, desk });
  const found = (await askShop(desk, settings, { query: oneOf(entity), variables: { id } }))[entity];
  // It may be gone again by the time it is asked for.
  return found ? draftsOf(entity, found as Record<string, unknown>, { settings, desk }) : [];
}
