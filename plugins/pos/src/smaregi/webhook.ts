import { AskRefused, type Desk, type Draft, sameSecret, type WebhookSource, webhook } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { readMessage } from '../unreadable.ts';
import { askSmaregi } from './ask.ts';
import { customerDrafts } from './customer.ts';
import type { SmaregiSettings } from './settings.ts';
import { transactionDrafts } from './transaction.ts';

const ids = z
  .array(z.union([z.string().min(1).max(50), z.int().transform(String)]))
  .max(10_000)
  .default([]);

/** A change in bulk names more than can be asked for one by one in the time there is; the catch-up reads a hundred at a time. */
const mostAsked = 100;

const notification = z.looseObject({
  contractId: z.string(),
  event: z.string(),
  action: z.string(),
  transactionHeadIds: ids,
  customerIds: ids,
});

/**
 * Smaregi's webhook names what changed, once, and wants an answer within three seconds. It signs nothing: whoever knows the secret
 * in the header of one's own is believed, but only that something changed, which is then asked for.
 */
export const smaregiWebhook = (settings: SmaregiSettings): WebhookSource =>
  webhook({
    description: 'Webhook of Smaregi: which transactions and members changed; they are then asked for.',
    body: notification,
    verify: ({ headers }) =>
      sameSecret(headers[settings.header.toLowerCase()] ?? '', settings.secret) && headers['smaregi-contract-id'] === settings.contractId,
    callId: ({ headers }) => headers['smaregi-event-id'],
    work: 'later',
    answer: () => ({ status: 200, contentType: 'text/plain', body: '' }),
    receive: async ({ event, action, transactionHeadIds, customerIds }, _request, desk) => {
      if (transactionHeadIds.length + customerIds.length > mostAsked) {
        desk.log.info(`Smaregi tells of ${event} ${action} in bulk, which is left to the catch-up`);
        return [];
      }
      const drafts: Draft[] = [];
      for (const id of transactionHeadIds) drafts.push(...(await transaction(id, { settings, desk, edited: action === 'edited' })));
      // Who is deleted can no longer be asked for.
      for (const id of action.includes('deleted') ? [] : customerIds) drafts.push(...(await customer(id, { settings, desk })));
      if (transactionHeadIds.length + customerIds.length === 0)
        desk.log.info(`Smaregi tells of ${event} ${action}, which this plugin does not take`);
      return drafts;
    },
  });

interface Asking {
  readonly settings: SmaregiSettings;
  readonly desk: Desk;
}

const anything = z.record(z.string(), z.unknown());

async function transaction(id: string, { settings, desk, edited }: Asking & { edited: boolean }): Promise<Draft[]> {
  const payload = await found(() =>
    askSmaregi(desk, settings, { path: `transactions/${encodeURIComponent(id)}?with_details=all`, answer: anything }),
  );
  if (payload === undefined) return [];
  return readMessage({ id: `smaregi:transaction:${id}`, at: desk.now(), payload }, () =>
    transactionDrafts(payload, { chain: settings.chain, edited }),
  );
}

async function customer(id: string, { settings, desk }: Asking): Promise<Draft[]> {
  const payload = await found(() => askSmaregi(desk, settings, { path: `customers/${encodeURIComponent(id)}`, answer: anything }));
  if (payload === undefined) return [];
  return readMessage({ id: `smaregi:customer:${id}:${String(payload.updDateTime)}`, at: desk.now(), payload }, () =>
    customerDrafts(payload, settings.chain),
  );
}

/** `undefined` for what is gone by the time it is asked for. */
async function found<TAnswer>(ask: () => Promise<TAnswer>): Promise<TAnswer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AskRefused && error.status === 404) return undefined;
    throw error;
  }
}
