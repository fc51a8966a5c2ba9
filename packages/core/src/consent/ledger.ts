import { hash } from 'node:crypto';
import { consentKey } from '../consent-key.ts';

/** The decision in force for one purpose and channel. */
export interface ConsentFact {
  readonly state: 'GIVEN' | 'REFUSED' | 'WITHDRAWN';
  readonly at: string;
  readonly i: string;
}

/** One entry of an identity's ledger. Entries are only ever added, each carries the hash of the one before. */
export interface ConsentRecord {
  readonly identityId: string;
  readonly position: number;
  readonly eventId: string;
  readonly purpose: string;
  readonly channel: string;
  readonly scope: string;
  readonly state: 'GIVEN' | 'REFUSED' | 'WITHDRAWN';
  readonly occurredAt: Date;
  readonly recordedAt: Date;
  readonly sourceId: number;
  readonly evidence: unknown;
  readonly previousHash: Buffer | null;
  readonly hash: Buffer;
}

export type Decision = Omit<ConsentRecord, 'position' | 'previousHash' | 'hash'>;

/** Appends a decision to an identity's chain: changing or removing an entry later breaks every hash after it. */
export function chain(decision: Decision, previous: Pick<ConsentRecord, 'position' | 'hash'> | undefined): ConsentRecord {
  const position = (previous?.position ?? 0) + 1;
  return { ...decision, position, previousHash: previous?.hash ?? null, hash: hashOf(decision, position, previous?.hash) };
}

function hashOf(decision: Decision, position: number, previous: Buffer | undefined): Buffer {
  const { identityId, eventId, purpose, channel, scope, state, occurredAt, recordedAt, sourceId, evidence } = decision;
  const content = [
    identityId,
    position,
    eventId,
    purpose,
    channel,
    scope,
    state,
    occurredAt.getTime(),
    recordedAt.getTime(),
    sourceId,
    canonical(evidence),
  ];
  return hash('sha256', `${previous?.toString('hex') ?? ''}\n${JSON.stringify(content)}`, 'buffer');
}

/** Keys in order: PostgreSQL's jsonb gives an object back in an order of its own. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  );
}

/** Whether a ledger is as it was written. Answers the position of the first broken entry. */
export function verifyChain(records: readonly ConsentRecord[]): { intact: true } | { intact: false; position: number } {
  let previous: ConsentRecord | undefined;
  for (const record of records) {
    const linked =
      record.previousHash === null ? previous === undefined : previous !== undefined && record.previousHash.equals(previous.hash);
    if (!linked || !record.hash.equals(hashOf(record, record.position, previous?.hash)))
      return { intact: false, position: record.position };
    previous = record;
  }
  return { intact: true };
}

/** Since when two identities belong to one customer. */
export type TiedAt = (a: string, b: string) => Date | undefined;

/** The parts of a record that decide what is in force. */
export type Weighed = Pick<
  ConsentRecord,
  'identityId' | 'eventId' | 'purpose' | 'channel' | 'scope' | 'state' | 'occurredAt' | 'recordedAt'
>;

/**
 * What is in force for a customer, per purpose, channel and scope. On one identity the newest decision counts. Between identities
 * that were tied together the most restrictive one wins, until the person says yes again after they were tied:
 * a merge must never widen what anybody agreed to.
 */
export function inForce(records: readonly Weighed[], tiedAt: TiedAt): Record<string, ConsentFact> {
  const newest = new Map<string, Map<string, Weighed>>();
  for (const record of records) {
    const key = consentKey(record);
    const byIdentity = newest.get(key) ?? new Map<string, Weighed>();
    newest.set(key, byIdentity);
    const held = byIdentity.get(record.identityId);
    if (held === undefined || isLater(record, held)) byIdentity.set(record.identityId, record);
  }
  const facts: Record<string, ConsentFact> = {};
  for (const [key, byIdentity] of newest) facts[key] = factOf(weigh([...byIdentity.values()], tiedAt));
  return facts;
}

const factOf = ({ state, occurredAt, identityId }: Weighed): ConsentFact => ({ state, at: occurredAt.toISOString(), i: identityId });

/** Ties on time go to the refusal, then to the event id: the same from every order of arrival. */
function isLater(left: Weighed, right: Weighed): boolean {
  const difference = left.occurredAt.getTime() - right.occurredAt.getTime();
  if (difference !== 0) return difference > 0;
  if ((left.state === 'GIVEN') !== (right.state === 'GIVEN')) return right.state === 'GIVEN';
  return left.eventId < right.eventId;
}

/** A refusal stands until a later yes comes from an identity that was already tied to the one that refused. */
function weigh(decisions: readonly Weighed[], tiedAt: TiedAt): Weighed {
  const yeses = decisions.filter(({ state }) => state === 'GIVEN');
  const overcomes = (yes: Weighed, refusal: Weighed): boolean => {
    const tied = isLater(yes, refusal) ? tiedAt(yes.identityId, refusal.identityId) : undefined;
    return tied !== undefined && yes.recordedAt > tied;
  };
  const standing = decisions.filter((one) => one.state !== 'GIVEN' && !yeses.some((yes) => overcomes(yes, one)));
  return (standing.length > 0 ? standing : yeses).reduce((held, next) => (isLater(next, held) ? next : held));
}
