import type { Purpose } from '@enishi/plugin-sdk';
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
  readonly traits: Readonly<Record<string, { readonly v: unknown }>>;
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
  if (operation === 'REMOVE' && member?.held === false) return refuse('CANCELLED', 'it never went in');
  if (person === 'gone' && operation !== 'REMOVE') return refuse('CUSTOMER_GONE', 'the customer is gone');
  if (spent >= maxAttempts) return { ...refuse('ABANDONED', `the process stopped during each of ${maxAttempts} attempts`), status: 'DEAD' };
  if (operation === 'REMOVE' || person === 'gone') return { kind: 'go' };
  if (operation === 'ADD' && member?.wanted !== true) return refuse('CANCELLED', 'taken out again before it went in');
  return admitPerson(candidate, person, circumstances);
}

function admitPerson({ id, operation }: Candidate, person: Person, circumstances: Circumstances): Admission {
  const { destination, policies, contacts, now } = circumstances;
  const { purpose, channel } = destination;
  const refusal = consentRefusal(person.consents, purpose, channel);
  if (refusal) return refuse('CONSENT', refusal);
  const reached = addressesOf(person, destination.address);
  const [first] = reached;
  if (first === undefined) return refuse('NO_ADDRESS', `no address: ${destination.address.join(' or ')}`);
  if (operation !== null) return { kind: 'go' };
  if (reached.every(({ suppressed }) => suppressed !== null))
    return refuse('ADDRESS_SUPPRESSED', `address suppressed: ${first.suppressed}`);
  const approach = { deliveryId: id, channel, purpose, traits: person.traits };
  const cap = cappedBy(policies, approach, { contacts, now });
  if (cap) return refuse('CAP', cap);
  const until = heldUntil(policies, approach, now);
  return until ? wait('QUIET_HOURS', until, 'quiet hours') : { kind: 'go' };
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
const refuse = (obstacle: Obstacle, reason: string) => ({ kind: 'refuse', obstacle, status: 'SUPPRESSED', reason }) as const;
