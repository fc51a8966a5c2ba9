import { type Identifiers, namespace, trait } from '@enishi/plugin-sdk';
import { z } from 'zod';

/** What tills write where nobody is known. It must be caught before a chain's name is put in front. */
const nobody = /^(?:0+|-1|null|nil|none|nan|undefined|n\/?a|guest|anonymous|unknown|非会員|なし|[-\s]*)$/i;
/** Cards that cashiers scan to get on: 1111111111, 9999999999. */
const filler = /^(.)\1{3,}$/;

/** A card number, or `undefined` where it names nobody: `0000000000` would make one customer of all who showed no card. */
export function cardNumber(raw: string | undefined): string | undefined {
  const value = raw?.normalize('NFKC').trim();
  return value === undefined || nobody.test(value) || filler.test(value) ? undefined : value;
}

/** One digit eight times: what a cashier types to get on, `090-1111-1111`. */
const fillerPhone = /(\d)\1{7}$/;

/** A telephone number as a cashier typed it, full-width and with hyphens, or `undefined` where it is filler: it would tie strangers together. */
export function typedPhone(raw: string | undefined): string | undefined {
  const digits = raw?.normalize('NFKC').replace(/\D/g, '') ?? '';
  return raw === undefined || digits.length < 9 || fillerPhone.test(digits) ? undefined : raw;
}

/** A household's number, with or without its chain in front. */
export function householdNumber(raw: string | undefined): string | undefined {
  const value = raw?.normalize('NFKC').trim();
  return value === undefined || nobody.test(value.slice(value.lastIndexOf(':') + 1)) ? undefined : value;
}

export const household = namespace('pos.household', {
  description: 'A household, where a retailer knows those instead of people; `chain:number`. Never send it together with a member of it.',
  priority: 35,
  limit: 1,
  normalise: householdNumber,
});

/** One to a customer: families share a telephone, and the no of one would silence the others. */
export const squareCustomer = namespace('pos.square', { description: "Square's customer id.", priority: 30, limit: 1 });
/** More than one, because a shop makes the same card a new account; two people are kept apart by the numbers of their cards. */
export const smaregiCustomer = namespace('pos.smaregi', {
  description: 'Smaregi customer id (顧客ID); `chain:id` where a workspace has more than one chain.',
  priority: 30,
  limit: 5,
});

const text = z.string().max(500);

export const ageBand = trait('pos.ageBand', text, { description: 'Age group, such as `45-54`.' });
export const incomeBand = trait('pos.incomeBand', text, { description: 'Yearly income group, such as `50-74K`.' });
export const homeOwnership = trait('pos.homeOwnership', text, { description: 'Owner or renter.' });
export const maritalStatus = trait('pos.maritalStatus', text, { description: 'Married or not.' });
export const householdSize = trait('pos.householdSize', text, { description: 'People in the household, such as `2` or `5+`.' });
export const householdType = trait('pos.householdType', text, { description: 'Who lives there, such as `2 Adults Kids`.' });
export const children = trait('pos.children', text, { description: 'Children in the household, such as `1` or `3+`.' });
export const rank = trait('pos.rank', text, { description: 'Member rank in the till system.' });
export const homeStore = trait('pos.homeStore', text, { description: 'Store the member belongs to.' });

export const points = trait('pos.points', z.number(), { description: 'Points the member holds, as the till printed last.' });

export const traits = [ageBand, incomeBand, homeOwnership, maritalStatus, householdSize, householdType, children, rank, homeStore, points];

/** Numbers of households and receipts are unique within a chain of stores only. */
export const inChain = (chain: string | undefined, number: string): string => (chain === undefined ? number : `${chain}:${number}`);

export interface Shopper {
  readonly member?: string | undefined;
  readonly household?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
  /** Their account in the till system, under its own namespace. */
  readonly account?: { readonly 'pos.square'?: string | undefined; readonly 'pos.smaregi'?: string | undefined } | undefined;
}

/** Who was at the till. A receipt of nobody known is kept under an identity of its own, which ties no strangers together. */
export function whoIs(shopper: Shopper, { chain, receipt }: { chain: string | undefined; receipt?: string }): Identifiers {
  const member = cardNumber(shopper.member);
  const home = householdNumber(shopper.household);
  return {
    member,
    'pos.household': home === undefined ? undefined : inChain(chain, home),
    ...(shopper.account ?? {}),
    phone: typedPhone(shopper.phone),
    email: shopper.email,
    anonymous: member === undefined && home === undefined && shopper.account === undefined ? receipt : undefined,
  };
}
