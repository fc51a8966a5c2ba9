import { type Draft, hmacSignature, type WebhookSource, webhook } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { inChain, whoIs } from './customer.ts';
import { purchaseCompleted, purchaseReturned, purchaseVoided } from './events/index.ts';
import { productCode } from './jan.ts';

export const signatureHeader = 'x-enishi-signature';

/** Tills number their things; a number beyond 2^53 has lost digits by the time it is read, so it must come as a string. */
const number = z.union([z.string().min(1).max(60), z.int().transform(String)]);
const line = z.looseObject({ product_id: number.optional() });

/**
 * One receipt as a till sends it, by webhook or as a line of NDJSON. Only what makes its id and time is checked here; amounts and
 * products are checked by the line, so that one bad receipt is quarantined and its neighbours are stored.
 */
export const receipt = z.looseObject({
  kind: z.enum(['SALE', 'RETURN', 'VOID']).default('SALE'),
  store_id: number,
  register_id: number.optional(),
  receipt_number: number,
  business_day: z.iso.date().optional(),
  at: z.iso.datetime({ offset: true }),
  customer: z
    .object({
      member: number.nullish(),
      household: number.nullish(),
      phone: z.string().nullish(),
      email: z.string().nullish(),
    })
    .nullish(),
  products: z.array(line).max(10_000).optional(),
});

export type Receipt = z.output<typeof receipt>;

const types = {
  SALE: { type: purchaseCompleted, suffix: '' },
  RETURN: { type: purchaseReturned, suffix: ':returned' },
  VOID: { type: purchaseVoided, suffix: ':voided' },
} as const;

/** Store, register, business day and number name a receipt for ever: the same one twice is a duplicate. */
export interface ReceiptKey {
  readonly store_id: string;
  readonly register_id?: string | undefined;
  readonly business_day?: string | undefined;
  readonly receipt_number: string;
}

export const receiptKey = ({ store_id, register_id, business_day, receipt_number }: ReceiptKey): string =>
  [store_id, register_id ?? '', business_day ?? '', receipt_number].join('/');

export function messageId(key: ReceiptKey, kind: keyof typeof types, chain: string | undefined): string {
  return inChain(chain, `receipt:${receiptKey(key)}${types[kind].suffix}`);
}

/** A draft of the kind's event type; its properties are checked by the line, not here. */
export function toDraft({ kind, at, customer, ...properties }: Receipt, chain: string | undefined): Draft {
  const key = { ...properties, business_day: properties.business_day ?? dayOf(at) };
  const id = messageId(key, kind, chain);
  const products = properties.products?.map((each) => ({
    ...each,
    ...(each.product_id === undefined ? {} : productCode(each.product_id)),
  }));
  const shopper = {
    member: customer?.member ?? undefined,
    household: customer?.household ?? undefined,
    phone: customer?.phone ?? undefined,
    email: customer?.email ?? undefined,
  };
  return {
    type: types[kind].type.eventName,
    id,
    at: new Date(at),
    identifiers: whoIs(shopper, { chain, receipt: inChain(chain, `receipt:${receiptKey(key)}`) }),
    properties: { ...key, ...(products === undefined ? {} : { products }) },
  };
}

/** The day on the till's own clock, which is the one that its numbers start over with. */
const dayOf = (at: string): string => at.slice(0, 10);

const body = z.object({ receipts: z.array(receipt).min(1).max(500) });

export const receiptsWebhook = (settings: { secret: string; chain: string | undefined }): WebhookSource =>
  webhook({
    description: 'Receipts as signed JSON: Base64 HMAC-SHA256 of the raw body in X-Enishi-Signature.',
    body,
    verify: hmacSignature({ header: signatureHeader, secret: settings.secret, encoding: 'base64' }),
    receive: ({ receipts }) => receipts.map((each) => toDraft(each, settings.chain)),
  });
