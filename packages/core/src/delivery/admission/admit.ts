import type { Purpose } from '@enishi/plugin-sdk';
import type { StoredTraits } from '../trait-values.ts';
import { type Consents, consentRefusal } from './allowed.ts';
import { type Contact, cappedBy, type DeliveryPolicy, heldUntil } from './policy.ts';

/** What stands in the way of a delivery. */
export const obstacles = [
  'CUSTOMER_GONE',
  'CUSTOMER_BUSY',
  'TURN',
  'ABANDONED',
  'CANCELLED',
  'CONSENT',
  'NO_ADDRESS',
  'HOLDOUT',
  'ADDRESS_SUPPRESSED',
  'QUIET_HOURS',
  'CAP',
] as const;
export type Obstacle = (typeof obstacles)[number];

/** One identifier of a customer; `suppressed` says why nothing is sent to it on this channel. */
export interface Address {
  readonly id: string;
  readonly namespace: string;
  readonly value: string;
  readonly suppressed: string | null;
}

/** Somebody a delivery is for, as they are now. */
export interface Person {
  readonly id: string;
  readonly consents: Consents;
  readonly traits: StoredTraits;
  /** Newest first. */
  readonly addresses: readonly Address[];
}

/** What is known of a delivery when it is decided whether it may go out. */
export interface Candidate {
  readonly id: string;
  readonly operation: 'ADD' | 'REMOVE' | null;
  /** Attempts since it was planned or replayed. */
  readonly spent: number;
  /** `busy`: the row is being changed at this moment. */
  readonly person: Person | 'gone' | 'busy';
  /** The delivery to the same customer that goes out before it. */
  readonly ahead?: { readonly dueAt: Date; readonly status: 'PENDING' | 'SENDING' } | undefined;
  /** What is remembered of the partner's audience; `undefined` for messages. */
  readonly member?: { readonly wanted: boolean; readonly held: boolean } | undefined;
}

export interface Circumstances {
  readonly destination: { readonly purpose: Purpose; readonly channel: string; readonly address: readonly string[] };
  readonly policies: readonly DeliveryPolicy[];
  readonly contacts: readonly Contact[];
  readonly maxAttempts: number;
  readonly now: Date;
}

export type Admission =
  | { readonly kind: 'go' }
  | { readonly kind: 'wait'; readonly obstacle: Obstacle; readonly until: Date; readonly reason: string | null }
  | { readonly kind: 'refuse'; readonly obstacle: Obstacle; readonly status: 'SUPPRESSED' | 'DEAD'; readonly reason: string };

const busyPauseMs = 50;
const turnPauseMs = 5_000;

/** Decides about one delivery just before it is sent. Everything that can hold it up is here, in the order it is looked at. */
export function admit(candidate: Candidate, circumstances: Circumstances): Admission {
  const { person, ahead, operation, member, spent } = candidate;
  const { maxAttempts, now } = circumstances;
  if (person === 'busy') return wait('CUSTOMER_BUSY', new Date(now.getTime() + busyPauseMs), null);
  if (ahead) return wait('TURN', turnOf(ahead, now), null);
  if (operation === 'REMOVE' && member?.held === false) return forbid('CANCELLED', 'it never went in');
  if (person === 'gone' && operation !== 'REMOVE') return forbid('CUSTOMER_GONE', 'the customer is gone');
  if (spent >= maxAttempts) return { ...forbid('ABANDONED', `the process stopped during each of ${maxAttempts} attempts`), status: 'DEAD' };
  if (operation === 'REMOVE' || person === 'gone') return { kind: 'go' };
  if (operation === 'ADD' && member?.wanted !== true) return forbid('CANCELLED', 'taken out again before it went in');
  return admitPerson(candidate, person, circumstances);
}

/** What may be in the way of reaching a person, in the order it is looked at. */
export const checks = ['CONSENT', 'NO_ADDRESS', 'ADDRESS_SUPPRESSED', 'QUIET_HOURS', 'CAP'] as const satisfies readonly Obstacle[];
export type Check = (typeof checks)[number];

const admitPerson = (candidate: Candidate, person: Person, circumstances: Circumstances): Admission =>
  checks.map((check) => checkPerson(check, { candidate, person, circumstances })).find((stop) => stop !== undefined) ?? { kind: 'go' };

export interface Checking {
  readonly candidate: Pick<Candidate, 'id' | 'operation'>;
  readonly person: Person;
  readonly circumstances: Circumstances;
}

/** What one check has against it; `undefined` where nothing. */
export function checkPerson(check: Check, { candidate, person, circumstances }: Checking): Exclude<Admission, { kind: 'go' }> | undefined {
  const { destination, policies, contacts, now } = circumstances;
  const { purpose, channel, address } = destination;
  const reached = addressesOf(person, address);
  const approach = { deliveryId: candidate.id, channel, purpose, traits: person.traits };
  switch (check) {
    case 'CONSENT': {
      const refusal = consentRefusal(person.consents, purpose, channel);
      return refusal === undefined ? undefined : forbid(check, refusal);
    }
    case 'NO_ADDRESS':
      return reached.length > 0 ? undefined : forbid(check, `no address: ${address.join(' or ')}`);
    case 'ADDRESS_SUPPRESSED': {
      const usable = candidate.operation !== null || reached.length === 0 || reached.some(({ suppressed }) => suppressed === null);
      return usable ? undefined : forbid(check, `address suppressed: ${reached[0]?.suppressed}`);
    }
    case 'QUIET_HOURS': {
      const until = candidate.operation === null ? heldUntil(policies, approach, now) : undefined;
      return until && { kind: 'wait', obstacle: check, until, reason: 'quiet hours' };
    }
    case 'CAP': {
      const cap = candidate.operation === null ? cappedBy(policies, approach, { contacts, now }) : undefined;
      return cap === undefined ? undefined : forbid(check, cap);
    }
  }
}

/** Those a destination can use, in the order of its own preference. */
export const addressesOf = ({ addresses }: Person, wanted: readonly string[]): Address[] =>
  wanted.flatMap((namespace) => addresses.filter((address) => address.namespace === namespace));

/** Whoever ends the one ahead calls the next one at once; this is for when nobody does. */
function turnOf({ dueAt, status }: NonNullable<Candidate['ahead']>, now: Date): Date {
  const soon = now.getTime() + turnPauseMs;
  return new Date(status === 'PENDING' ? Math.max(dueAt.getTime(), soon) : Math.min(Math.max(dueAt.getTime(), now.getTime() + 1), soon));
}

const wait = (obstacle: Obstacle, until: Date, reason: string | null): Admission => ({ kind: 'wait', obstacle, until, reason });
const forbid = (obstacle: Obstacle, reason: string) => ({ kind: 'refuse', obstacle, status: 'SUPPRESSED', reason }) as const;
