import type { CustomerState } from '../customer/customer.ts';
import { storeObservations } from '../customer/observations.ts';
import { catchUp, rederive } from '../customer/rederive.ts';
import { CustomerGone, storeCustomers } from '../customer/store.ts';
import type { Sql, Transaction } from '../db/sql.ts';
import { suppressAddresses } from '../delivery/admission/suppression.ts';
import { followAudiences } from '../delivery/audience/follow.ts';
import { type ActiveProgram, activePrograms, concerned, planDeliveries } from '../delivery/program/plan.ts';
import type { Sighting } from '../identity/tie.ts';
import type { RuleSet } from '../rule/ruleset.ts';
import { storeTransitions } from '../segment/membership.ts';
import { storeTimers } from '../segment/timer.ts';
import type { Cause, Transition } from '../segment/transition.ts';
import { Agenda, causeOf } from './agenda.ts';
import { announce, type Change, changeOf } from './announce.ts';
import { ask } from './ask.ts';
import { appendEvents, claimKeys, type Quarantined, quarantineEvents } from './events.ts';
import { type Gathering, gather } from './gather.ts';
import { type Attributed, countEvents, learnConsents, learnTraits } from './learn.ts';
import type { AcceptedEvent } from './submission.ts';
import type { Opening, Workbench } from './workbench.ts';

/** Writes something down in the transaction of the events it belongs to, such as how far their source has been read. */
export type Note = (sql: Transaction) => void;

/** Events and what is written down beside them. */
export interface Page {
  readonly submissions: readonly unknown[];
  readonly note?: Note;
}

/** What one transaction has to do. */
export interface Work {
  readonly events: readonly AcceptedEvent[];
  readonly quarantined: readonly Quarantined[];
  /** Identities said to belong together without an event. */
  readonly sightings: readonly Sighting[];
  /** Customers to ask again about every segment. */
  readonly reassess: readonly { readonly customerId: string; readonly cause: Cause }[];
  readonly notes?: readonly Note[];
}

export interface Done {
  /** The customers of the events stored now; the other events were stored before. */
  readonly customerOf: ReadonlyMap<AcceptedEvent, string>;
  /** The customer an identity of these events belongs to. */
  readonly ownerOf: (identityId: string) => string;
  readonly transitions: number;
  readonly deliveries: number;
  readonly traitsDropped: number;
  readonly liveLinks: readonly string[];
  readonly looked: Gathering['looked'];
  readonly merges: Gathering['merges'];
  /** As they are stored now, under these rules. */
  readonly customers: readonly CustomerState[];
  readonly rules: RuleSet;
  /** How often a link had been taken back. */
  readonly splits: number;
}

/** The line: a batch of events becomes customers, traits, consents, memberships, deliveries and changes, in one transaction. */
export async function processBatch(sql: Transaction, opening: Opening, work: Work): Promise<Done> {
  const { workspace, now, lap } = opening;
  if (work.quarantined.length > 0) quarantineEvents(sql, workspace.id, work.quarantined);
  for (const note of work.notes ?? []) note(sql);
  const [{ rules, splits }, programs, events] = await Promise.all([
    opening.standing,
    activePrograms(sql, workspace.id),
    work.events.length === 0 ? [] : claimKeys(sql, workspace.id, { events: work.events, carefully: opening.carefully }),
  ]);
  opening.heed(splits);
  const bench: Workbench = { ...opening, rules };
  lap('claim');
  const gathering = await gather(sql, bench, {
    sightings: [...work.sightings, ...events],
    customerIds: work.reassess.map(({ customerId }) => customerId),
  });
  const attributed = attribute(events, gathering);
  lap('resolve');
  if (events.length > 0) appendEvents(sql, workspace.id, events);
  suppressAddresses(sql, workspace.id, events);

  const agenda = new Agenda(rules);
  await learnConsents(sql, workspace.id, { attributed, agenda });
  countEvents(rules, { attributed, agenda });
  putOnAgenda(agenda, { work, gathering, attributed });
  const derivation = { workspaceId: workspace.id, registry: bench.registry, rules };
  const all = [...gathering.customers.values()];
  await rederive(
    sql,
    derivation,
    all.filter(({ stale }) => stale),
  );
  await catchUp(
    sql,
    derivation,
    all.filter(({ stale, behind }) => behind && !stale),
  );
  const { observations, dropped } = learnTraits(bench, { attributed, agenda });
  lap('learn');

  const asked = await ask(sql, bench, agenda.items());
  const transitions = [...gathering.ended, ...asked];
  lap('ask');
  // First of what is kept about a customer: whoever holds this row writes all the rest undisturbed.
  storeCustomers(sql, workspace.id, { customers: all, rules });
  storeObservations(sql, workspace.id, observations);
  await storeTransitions(sql, workspace.id, transitions);
  storeTimers(sql, workspace.id, all);
  const deliveries = await planDeliveries(sql, workspace.id, { transitions: concerned(programs, newsOf(asked, gathering)), now });
  const moves = await follow(sql, bench, { programs, transitions, gathering, attributed });
  announce(sql, workspace.id, { changes: changesOf({ events, gathering, transitions }), at: now });
  lap('send');
  return {
    ownerOf: gathering.customerOf,
    customerOf: new Map(attributed.map(({ event, customer }) => [event, customer.id])),
    transitions: transitions.length,
    deliveries: deliveries + moves,
    traitsDropped: dropped,
    liveLinks: gathering.liveLinks,
    looked: gathering.looked,
    merges: gathering.merges,
    customers: all,
    rules,
    splits,
  };
}

/**
 * What programs act on. Nobody is written to because a rule was edited or a link taken back: that says nothing new about
 * the person. Nor because two customers turned out to be one: whoever was in a segment under either id has not just come.
 */
function newsOf(asked: readonly Transition[], { merges, ended }: Gathering): Transition[] {
  const held = new Set(ended.map(({ segmentId, customerId }) => `${segmentId} ${customerId}`));
  const absorbedBy = new Map(merges.map(({ survivor, absorbed }) => [survivor, absorbed]));
  return asked.filter(({ cause, change, segmentId, customerId }) => {
    if (cause.kind === 'RULE' || cause.kind === 'UNLINK') return false;
    return change === 'LEFT' || !(absorbedBy.get(customerId) ?? []).some((id) => held.has(`${segmentId} ${id}`));
  });
}

/** Partners' audiences hear of whoever may have come to belong in them or no longer does, for whatever cause. */
async function follow(
  sql: Sql,
  { workspace, now }: Workbench,
  about: {
    readonly programs: readonly ActiveProgram[];
    readonly transitions: readonly Transition[];
    readonly gathering: Gathering;
    readonly attributed: readonly Attributed[];
  },
): Promise<number> {
  if (!about.programs.some(({ audience }) => audience)) return 0;
  const customerIds = new Set([
    ...about.transitions.map(({ customerId }) => customerId),
    ...about.attributed.filter(({ event }) => event.consents.length > 0).map(({ customer }) => customer.id),
    ...about.gathering.retied,
  ]);
  return followAudiences(sql, workspace.id, { customerIds: [...customerIds], now });
}

function attribute(events: readonly AcceptedEvent[], { customers, customerOf }: Gathering): Attributed[] {
  return events.map((event) => {
    const customer = customers.get(customerOf(event.identities[0].id));
    // Stored without a customer an event would count for nobody, for ever. Starting over, the batch looks again whose it is.
    if (customer === undefined) throw new CustomerGone();
    return { event, customer };
  });
}

/** Whoever changed by something else than the properties of an event: came new, was tied, is asked again, was last seen under other rules. */
function putOnAgenda(
  agenda: Agenda,
  { work, gathering, attributed }: { work: Work; gathering: Gathering; attributed: readonly Attributed[] },
): void {
  const { customers, customerOf, retied, merges } = gathering;
  const events = new Map(attributed.map(({ event, customer }) => [customer, causeOf(event)]));
  const survivors = new Set(merges.map(({ survivor }) => survivor));
  for (const customer of customers.values()) {
    const event: Cause = events.get(customer) ?? { kind: 'RULE' };
    const cause: Cause = survivors.has(customer.id) ? { ...events.get(customer), kind: 'LINK' } : event;
    if (retied.has(customer.id)) agenda.identitiesChanged(customer, cause);
    // Last seen under other rules: where this event says nothing, it is the new rule that moves them, and that is no news.
    if (customer.stale || customer.behind) agenda.everything(customer, survivors.has(customer.id) ? cause : { kind: 'RULE' });
  }
  for (const { customerId, cause } of work.reassess) {
    const customer = customers.get(customerOf(customerId));
    if (customer !== undefined) agenda.everything(customer, cause);
  }
}

function changesOf({
  events,
  gathering,
  transitions,
}: {
  events: readonly AcceptedEvent[];
  gathering: Gathering;
  transitions: readonly Transition[];
}): Change[] {
  const { merges, customers, retied } = gathering;
  const told = events.length > 0;
  const touched = [...customers.values()].filter(({ id, profileChanged }) => told || retied.has(id) || profileChanged).map(({ id }) => id);
  return [
    ...merges.map(({ survivor, absorbed }): Change => ({ kind: 'MERGED', customerId: survivor, customerIds: absorbed })),
    ...transitions.map(changeOf),
    ...(touched.length === 0
      ? []
      : [{ kind: 'CUSTOMERS', customerIds: touched, eventIds: events.map(({ eventId }) => eventId) } satisfies Change]),
  ];
}
