import type { ConsentFact } from '../consent/ledger.ts';
import { emptyTally, readTally, type StoredTally, storeTally, type Tally } from '../rule/facts.ts';

/** The surviving value of a trait, with where it came from. Short names: this is stored with every customer. */
export interface TraitFact {
  /** Value. */
  readonly v: unknown;
  /** Observed at, ISO. */
  readonly t: string;
  /** Source id. */
  readonly s: number;
  /** Event id. */
  readonly e: string;
  /** Identity id it was observed on. */
  readonly i: string;
}

/** What a customer row remembers for the line alone. All of it can be recomputed from identities and events. */
export interface StoredFacts {
  /** How many identities of each namespace. */
  readonly n: Readonly<Record<string, number>>;
  /** Pairs of identities an operator has set apart: one of this customer, one that must stay another's. */
  readonly x?: readonly (readonly [own: string, other: string])[];
  readonly m: Readonly<Record<string, StoredTally>>;
  /** The armed timer, ms. */
  readonly d?: number;
}

export interface CustomerRow {
  readonly id: string;
  readonly created_at: Date;
  readonly last_event_at: Date | null;
  readonly traits: Record<string, TraitFact>;
  readonly consents: Record<string, ConsentFact>;
  readonly segments: number[];
  readonly facts: StoredFacts;
  readonly rules_version: number;
}

/** A customer while a batch works on it. The row is locked, so what is read here stays true until commit. */
export interface CustomerState {
  readonly id: string;
  createdAt: Date;
  readonly isNew: boolean;
  lastEventAt: number;
  traits: Record<string, TraitFact>;
  consents: Record<string, ConsentFact>;
  segments: number[];
  spaces: Record<string, number>;
  apart: (readonly [own: string, other: string])[];
  tallies: Record<string, Tally>;
  due: number | undefined;
  /** When the stored timer fires, ms. */
  readonly armed: number | undefined;
  /** Merged, split, or last seen under other rules: everything derived is worked out anew from its identities. */
  stale: boolean;
}

export function fromRow(row: CustomerRow, rulesVersion: number): CustomerState {
  const tallies: Record<string, Tally> = {};
  for (const key in row.facts.m) tallies[key] = readTally(row.facts.m[key] as StoredTally);
  return {
    id: row.id,
    createdAt: row.created_at,
    isNew: false,
    lastEventAt: row.last_event_at?.getTime() ?? 0,
    traits: row.traits,
    consents: row.consents,
    segments: row.segments,
    spaces: { ...row.facts.n },
    apart: [...(row.facts.x ?? [])],
    tallies,
    due: row.facts.d,
    armed: row.facts.d,
    stale: row.rules_version !== rulesVersion,
  };
}

export const newCustomer = (id: string, createdAt: Date): CustomerState => ({
  id,
  createdAt,
  isNew: true,
  lastEventAt: 0,
  traits: {},
  consents: {},
  segments: [],
  spaces: {},
  apart: [],
  tallies: {},
  due: undefined,
  armed: undefined,
  stale: false,
});

export function factsToStore(customer: CustomerState): StoredFacts {
  const tallies: Record<string, StoredTally> = {};
  for (const key in customer.tallies) tallies[key] = storeTally(customer.tallies[key] ?? emptyTally());
  return {
    n: customer.spaces,
    m: tallies,
    ...(customer.apart.length === 0 ? {} : { x: customer.apart }),
    ...(customer.due === undefined ? {} : { d: customer.due }),
  };
}
