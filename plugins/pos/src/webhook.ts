import { type Draft, hmacSignature, type WebhookSource, webhook } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { lateProblem } from './clock.ts';
import { inChain, whoIs } from './customer.ts';
import { memberScanned } from './events/index.ts';
import { number, receipt, shopper, shopperOf, toTimelyDraft } from './receipt.ts';
import { aside } from './unreadable.ts';

export const signatureHeader = 'x-enishi-signature';

/** A card was read at a till. */
const scan = z.looseObject({
  store_id: number,
  register_id: number.optional(),
  at: z.iso.datetime({ offset: true }),
  customer: shopper,
});

const body = z
  .object({ receipts: z.array(receipt).max(500).default([]), scans: z.array(scan).max(500).default([]) })
  .refine(({ receipts, scans }) => receipts.length + scans.length > 0, 'it holds neither receipts nor scans');

export const receiptsWebhook = (settings: { secret: string; chain: string | undefined }): WebhookSource =>
  webhook({
    description: 'Receipts and card scans as signed JSON: Base64 HMAC-SHA256 of the raw body in X-Enishi-Signature.',
    body,
    verify: hmacSignature({ header: signatureHeader, secret: settings.secret, encoding: 'base64' }),
    receive: ({ receipts, scans }, _request, desk) => [
      ...receipts.map((each) => toTimelyDraft(each, { chain: settings.chain, now: desk.now() })),
      ...scans.map((each) => toScan(each, { chain: settings.chain, now: desk.now() })),
    ],
  });

/** A scan tells of its card only. Without a card that names somebody it says nothing, so it gets no identity of its own and is refused. */
function toScan(
  { store_id, register_id, at, customer }: z.output<typeof scan>,
  { chain, now }: { chain: string | undefined; now: Date },
): Draft {
  const who = shopperOf(customer);
  const id = inChain(chain, `scan:${store_id}/${register_id ?? ''}/${at}/${who.member ?? who.household ?? ''}`);
  const problem = lateProblem(new Date(at), now);
  if (problem !== undefined) return aside({ id, at: new Date(at), payload: { store_id, register_id, at, customer } }, problem);
  return memberScanned({ id, at: new Date(at), identifiers: whoIs(who, { chain }), properties: { store_id, register_id } });
}
