import { type ConsentDecision, type Desk, type Draft, shaped, type TraitValue } from '@enishi/plugin-sdk';
import { inChain } from '../customer.ts';
import { memberUpdated } from '../events/index.ts';
import { knownAs } from './merged.ts';
import type { SquareSettings } from './settings.ts';
import * as shapes from './shapes.ts';
import { shopperOf } from './shopper.ts';

/** `customer.created` and `customer.updated` carry the customer whole. */
export async function customerDrafts(object: unknown, desk: Desk, settings: SquareSettings): Promise<Draft[]> {
  const customer = shaped(shapes.customer, object);
  const { id, version, created_at, updated_at } = customer;
  const at = updated_at ?? created_at;
  const identifiers = shopperOf({ customer: { ...customer, id: await knownAs(desk, id) } }, settings);
  return [
    memberUpdated({
      id: inChain(settings.chain, `square:customer:${id}:${version ?? at.toISOString()}`),
      at,
      identifiers,
      properties: { member: identifiers.member },
      traits: traitsOf(customer),
      consents: consentsOf(customer),
    }),
  ];
}

/** A birthday without a year is written with the year 0000: that is no date of birth. */
const isBirthday = (text: string | null | undefined): text is string => text !== null && text !== undefined && !text.startsWith('0000');

function traitsOf({ given_name, family_name, birthday }: shapes.Customer): TraitValue[] {
  return [
    ...(given_name ? [{ trait: 'firstName', value: given_name }] : []),
    ...(family_name ? [{ trait: 'lastName', value: family_name }] : []),
    ...(isBirthday(birthday) ? [{ trait: 'birthday', value: birthday.slice(0, 10) }] : []),
  ];
}

/** Who has unsubscribed said no. Who has not said nothing: Square asks nobody for a yes. */
function consentsOf({ id, version, preferences }: shapes.Customer): ConsentDecision[] {
  if (preferences?.email_unsubscribed !== true) return [];
  const evidence = { till: 'square', customer: id, version, email_unsubscribed: true };
  return [{ purpose: 'marketing', channel: 'email', state: 'WITHDRAWN', evidence }];
}
