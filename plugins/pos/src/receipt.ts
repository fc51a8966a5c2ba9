import type { Draft, TraitValue } from '@enishi/plugin-sdk';
import { z } from 'zod';
import { dayProblem, lateProblem } from './clock.ts';
import { inChain, points, whoIs } from './customer.ts';
import { purchaseCompleted, purchaseReturned, purchaseVoided } from './events/index.ts';
import { productCode } from './jan.ts';
import { aside } from './unreadable.ts';

/** Tills number their things; a number beyond 2^53 has lost digits by the time it is read, so it must come as a string. */
export const number = z.union([z.string().min(1).max(60), z.int().transform(String)]);
const line = z.looseObject({ product_id: number.optional() });

export const shopper = z.object({
  member: number.nullish(),
  household: number.nullish(),
  phone: z.string().nullish(),
  email: z.string().nullish(),
});

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
  customer: shopper.nullish(),
  /** What the member holds after it. */
  points_balance: z.number().nullish(),
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
export function toDraft({ kind, at, customer, points_balance, ...properties }: Receipt, chain: string | undefined): Draft {
  const key = { ...properties, business_day: properties.business_day ?? dayOf(at) };
  const id = messageId(key, kind, chain);
  const products = properties.products?.map((each) => ({
    ...each,
    ...(each.product_id === undefined ? {} : productCode(each.product_id, chain)),
  }));
  return {
    type: types[kind].type.eventName,
    id,
    at: new Date(at),
    identifiers: whoIs(shopperOf(customer), { chain, receipt: inChain(chain, `receipt:${receiptKey(key)}`) }),
    properties: { ...key, ...(products === undefined ? {} : { products }) },
    traits: pointsHeld(points_balance),
  };
}

/** The same straight from a till, kept aside where its clock cannot be right. */
export function toTimelyDraft(given: Receipt, { chain, now }: { chain: string | undefined; now: Date }): Draft {
  const draft = toDraft(given, chain);
  const wrongDay = given.business_day === undefined ? undefined : dayProblem(draft.at, given.business_day);
  const problem = wrongDay ?? lateProblem(draft.at, now);
  return problem === undefined ? draft : aside({ id: draft.id ?? '', at: draft.at, payload: given }, problem);
}

export const shopperOf = (customer: z.output<typeof shopper> | null | undefined) => ({
  member: customer?.member ?? undefined,
  household: customer?.household ?? undefined,
  phone: customer?.phone ?? undefined,
  email: customer?.email ?? undefined,
});

/** The balance a till printed, as a trait of whoever showed the card. */
export const pointsHeld = (balance: number | null | undefined): TraitValue[] | undefined =>
  balance === null || balance === undefined ? undefined : [points(balance)];

/** The day on the till's own clock, which is the one that its numbers start over with. */
const dayOf = (at: string): string => at.slice(0, 10);
