import type { Recipient } from '@enishi/plugin-sdk';
import { rawValues, type Telling, tell } from '../person.ts';
import type { GoogleSettings } from '../settings.ts';

export type Member = Readonly<Record<string, unknown>>;

type Signal = GoogleSettings['consent']['adUserData'];
type Consent = 'CONSENT_GRANTED' | 'CONSENT_DENIED';

/** Source: Google, Data Manager API, "Limits". */
export const identifiersPerMember = 10;

/** How Google knows one person: addresses, numbers, and name with postal code where all of it is known. */
export function membersOf(recipient: Recipient, telling: Telling): Member[] {
  const told = tell(recipient, telling);
  const values = (name: string): readonly string[] => told.get(name) ?? [];
  const [[givenName], [familyName], [regionCode], [postalCode]] = ['givenName', 'familyName', 'regionCode', 'postalCode'].map(values) as [
    readonly string[],
    readonly string[],
    readonly string[],
    readonly string[],
  ];
  // Google takes an address with all four parts or not at all.
  const whole = givenName !== undefined && familyName !== undefined && regionCode !== undefined && postalCode !== undefined;
  const identifiers = [
    ...values('emailAddress').map((emailAddress) => ({ emailAddress })),
    ...values('phoneNumber').map((phoneNumber) => ({ phoneNumber })),
    ...(whole ? [{ address: { givenName, familyName, regionCode, postalCode } }] : []),
  ];
  const members: Member[] = [];
  for (let from = 0; from < identifiers.length; from += identifiersPerMember)
    members.push({ userData: { userIdentifiers: identifiers.slice(from, from + identifiersPerMember) } });
  return members;
}

/** What a person allows, where it is known by person; what everybody allows stands on the call. */
export interface PersonalConsent {
  readonly adUserData: Consent | undefined;
  readonly adPersonalization: Consent | undefined;
}

export const consentOf = (recipient: Recipient, { adUserData, adPersonalization }: GoogleSettings['consent']): PersonalConsent => ({
  adUserData: decided(recipient, adUserData),
  adPersonalization: decided(recipient, adPersonalization),
});

/** Who has not said yes has said no: Google treats the unknown so where the law asks for consent. */
function decided(recipient: Recipient, signal: Signal): Consent {
  if (typeof signal === 'string') return `CONSENT_${signal}`;
  const [said] = rawValues(recipient, signal);
  return /^(?:true|1|granted|given|yes)$/i.test(said ?? '') ? 'CONSENT_GRANTED' : 'CONSENT_DENIED';
}
