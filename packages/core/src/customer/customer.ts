import { randomInt } from 'node:crypto';
import type { ConsentFact } from '../consent/ledger.ts';
import { readTally, type StoredTally, type Tally, tallyJson } from '../rule/facts.ts';
import type { Measure } from '../rule/measure.ts';
import type { RuleSet } from '../rule/ruleset.ts';

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

/** The value of a computed trait, kept beside those that were observed. */
export interface ComputedFact {
  readonly v: unknown;
  /** Since when it is so, ISO. */
  readonly t: string;
  /** The type of the events it is computed from. */
  readonly c: string;
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
  /** JSON text: most batches change neither traits nor consents and never look inside. */
  readonly traits: string;
  readonly consents: string;
  readonly segments: number[];
  readonly facts: StoredFacts;
  readonly rules_version: number;
  readonly revision: number;
}

export type Traits = Readonly<Record<string, TraitFact | ComputedFact>>;
type Consents = Readonly<Record<string, ConsentFact>>;

/** A customer while a batch works on it. Writing it back succeeds only if the row is still at the revision it was read at. */
export class CustomerState {
  readonly id: string;
  readonly createdAt: Date;
  isNew: boolean;
  /** A row begins anywhere: one that was absorbed and came back must not pass for what a process remembers of the old one. */
  revision: number;
  rulesVersion = 0;
  /** When the stored timer fires, ms. */
  armed: number | undefined;
  lastEventAt = 0;
  segments: readonly number[] = [];
  spaces: Record<string, number> = {};
  apart: (readonly [own: string, other: string])[] = [];
  tallies: Record<string, Tally> = {};
  due: number | undefined;
  /** Merged, split or with a trait no longer computed: everything derived is worked out anew from its identities. */
  stale = false;
  /** Last seen under older rules: what they ask for since is counted, and all of them are asked. */
  behind = false;
  /** Whether traits or consents differ from what is stored. */
  profileChanged = false;
  #traits: Record<string, TraitFact | ComputedFact> | string = {};
  #traitCount: number | undefined;
  #consents: Consents | string = {};

  constructor(id: string, createdAt: Date, row?: CustomerRow) {
    this.id = id;
    this.createdAt = createdAt;
    this.isNew = row === undefined;
    this.revision = row?.revision ?? randomInt(2 ** 30);
    if (row === undefined) return;
    this.lastEventAt = row.last_event_at?.getTime() ?? 0;
    this.segments = row.segments;
    this.spaces = { ...row.facts.n };
    this.apart = [...(row.facts.x ?? [])];
    for (const key in row.facts.m) this.tallies[key] = readTally(row.facts.m[key] as StoredTally);
    this.due = row.facts.d;
    this.armed = row.facts.d;
    this.rulesVersion = row.rules_version;
    this.#traits = row.traits;
    this.#consents = row.consents;
  }

  /** Begins a batch's work. Where a trait is not computed any more, what was observed under its name counts again. */
  open({ version, computed }: Pick<RuleSet, 'version' | 'computed'>): this {
    this.behind = this.rulesVersion !== version;
    this.stale = this.behind && Object.entries(this.traits).some(([name, fact]) => 'c' in fact && !computed.has(name));
    return this;
  }

  /** Ends it, once committed: from here on this is what the row holds. */
  settle({ version, measures }: RuleSet): void {
    if (!this.isNew) this.revision += 1;
    this.isNew = false;
    this.profileChanged = false;
    this.armed = this.due;
    if (this.rulesVersion === version) return;
    this.rulesVersion = version;
    for (const key in this.tallies) if (!measures.has(key)) delete this.tallies[key];
  }

  get traits(): Traits {
    return this.#ownTraits;
  }

  /** What is given becomes this customer's own and is written into. */
  set traits(traits: Record<string, TraitFact | ComputedFact>) {
    this.#traits = traits;
    this.#traitCount = undefined;
    this.profileChanged = true;
  }

  /** How many traits there are. Remembered, because it is asked for every name that is new. */
  get traitCount(): number {
    this.#traitCount ??= Object.keys(this.traits).length;
    return this.#traitCount;
  }

  /** Takes one observation over, in place: a copy of all traits for each of them made one request last for minutes. */
  observe(name: string, fact: TraitFact): void {
    const traits = this.#ownTraits;
    if (this.#traitCount !== undefined && !Object.hasOwn(traits, name)) this.#traitCount += 1;
    traits[name] = fact;
    this.profileChanged = true;
  }

  get #ownTraits(): Record<string, TraitFact | ComputedFact> {
    if (typeof this.#traits === 'string') this.#traits = JSON.parse(this.#traits) as Record<string, TraitFact | ComputedFact>;
    return this.#traits;
  }

  get consents(): Consents {
    if (typeof this.#consents === 'string') this.#consents = JSON.parse(this.#consents) as Consents;
    return this.#consents;
  }

  set consents(consents: Consents) {
    this.#consents = consents;
    this.profileChanged = true;
  }
}

export const fromRow = (row: CustomerRow): CustomerState => new CustomerState(row.id, row.created_at, row);
export const newCustomer = (id: string, createdAt: Date): CustomerState => new CustomerState(id, createdAt);

/** What to store, as JSON: of the measures rules still ask for, as much as they need. */
export function factsJson(customer: CustomerState, measures: ReadonlyMap<string, Measure>): string {
  const tallies: string[] = [];
  for (const [key, measure] of measures) {
    const tally = customer.tallies[key];
    if (tally !== undefined) tallies.push(tallyJson(tally, measure));
  }
  const apart = customer.apart.length === 0 ? '' : `,"x":${JSON.stringify(customer.apart)}`;
  const due = customer.due === undefined ? '' : `,"d":${customer.due}`;
  return `{"n":${JSON.stringify(customer.spaces)},"m":{${tallies.join()}}${apart}${due}}`;
}
