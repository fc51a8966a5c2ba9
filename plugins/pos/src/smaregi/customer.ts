import { type ConsentDecision, type Draft, shaped, type TraitValue } from '@enishi/plugin-sdk';
import { toNumber } from '@enishi/plugin-sdk/files';
import { homeStore, inChain, points, rank, whoIs } from '../customer.ts';
import { memberUpdated } from '../events/index.ts';
import * as shapes from './shapes.ts';

/** A member as Smaregi knows them now, and whether they want mail. */
export function customerDrafts(payload: unknown, chain: string | undefined): Draft[] {
  const customer = shaped(shapes.customer, payload);
  const at = customer.updDateTime ?? customer.insDateTime;
  // Whoever left is kept as they were: their record is emptied by the shop.
  if (at === undefined || customer.leaveDate !== undefined) return [];
  const id = inChain(chain, `smaregi:customer:${customer.customerId}`);
  const identifiers = whoIs(
    {
      member: customer.customerCode,
      phone: customer.mobileNumber ?? customer.phoneNumber,
      email: customer.mailAddress,
      account: { 'pos.smaregi': inChain(chain, customer.customerId) },
    },
    { chain },
  );
  const member = { at, identifiers, properties: { member: customer.customerCode } };
  return [
    memberUpdated({ ...member, id: `${id}:${at.toISOString()}`, traits: traitsOf(customer) }),
    ...mailDecision(customer).map((decision) => {
      // The answer is repeated with every change of the member. A yes is told once for ever: again, an old one would win over a no said
      // elsewhere since. A no is told again: said a second time, after a yes, it would be lost.
      const told = decision.state === 'GIVEN' ? '1' : `0:${at.toISOString()}`;
      return memberUpdated({ ...member, id: `${id}:mail:${told}`, consents: [decision] });
    }),
  ];
}

function mailDecision({ customerId, mailReceiveFlag: flag }: shapes.Customer): ConsentDecision[] {
  if (flag !== '0' && flag !== '1') return [];
  const state = flag === '1' ? 'GIVEN' : 'REFUSED';
  return [{ purpose: 'marketing', channel: 'email', state, evidence: { till: 'smaregi', customer: customerId, mailReceiveFlag: flag } }];
}

const genders: Readonly<Record<string, string>> = { 1: 'male', 2: 'female' };

function traitsOf(customer: shapes.Customer): TraitValue[] {
  const named = (trait: string, value: string | undefined): TraitValue[] => (value === undefined ? [] : [{ trait, value }]);
  return [
    ...named('lastName', customer.lastName),
    ...named('firstName', customer.firstName),
    ...named('birthday', customer.birthDate?.slice(0, 10)),
    ...named('gender', genders[customer.sex ?? '']),
    ...(customer.rank === undefined ? [] : [rank(customer.rank)]),
    ...(customer.storeId === undefined ? [] : [homeStore(customer.storeId)]),
    ...(customer.point === undefined ? [] : [points(toNumber(customer.point))]),
  ];
}
