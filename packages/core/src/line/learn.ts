import type { Decision } from '../consent/ledger.ts';
import { recordDecisions } from '../consent/store.ts';
import type { CustomerState, TraitFact } from '../customer/customer.ts';
import type { Observation } from '../customer/observations.ts';
import { deriveConsents } from '../customer/rederive.ts';
import { mayLearn, observedTrait, survives } from '../customer/traits.ts';
import type { Transaction } from '../db/sql.ts';
import { emptyTally, tallyEvent } from '../rule/facts.ts';
import type { RuleSet } from '../rule/ruleset.ts';
import type { Agenda } from './agenda.ts';
import type { AcceptedEvent } from './submission.ts';
import type { Workbench } from './workbench.ts';

/** An event with the customer it belongs to now. */
export interface Attributed {
  readonly event: AcceptedEvent;
  readonly customer: CustomerState;
}

export interface Learnt {
  /** What is to be kept of what was seen. */
  readonly observations: readonly Observation[];
  /** How many values were let go, because their customer has all the traits there may be. */
  readonly dropped: number;
}

/** Takes over the traits that survive. */
export function learnTraits(
  { registry, rules }: Pick<Workbench, 'registry' | 'rules'>,
  { attributed, agenda }: { attributed: readonly Attributed[]; agenda: Agenda },
): Learnt {
  const kept = new Map<string, Observation>();
  let dropped = 0;
  for (const { event, customer } of attributed) {
    if (event.traits.length === 0) continue;
    const [anchor] = event.identities;
    const at = event.occurredAt.toISOString();
    for (const { key, value, survivorship } of event.traits) {
      if (!mayLearn(customer, key, registry.traits)) {
        dropped += 1;
        continue;
      }
      const fact: TraitFact = { v: value, t: at, s: event.sourceId, e: event.eventId, i: anchor.id };
      const place = `${anchor.id} ${event.sourceId} ${key}`;
      const held = kept.get(place);
      if (survives(fact, held?.fact, survivorship)) kept.set(place, { trait: key, fact, survivorship });
      // Reported in a process that does not know who computes it: kept, and in force once it is computed no more.
      if (rules.computed.has(key)) continue;
      if (!survives(fact, observedTrait(customer.traits, key), survivorship)) continue;
      customer.observe(key, fact);
      agenda.traitChanged(customer, key, event);
    }
  }
  return { observations: [...kept.values()], dropped };
}

/** Appends the decisions to their ledgers and works out what is in force now. */
export async function learnConsents(
  sql: Transaction,
  workspaceId: number,
  { attributed, agenda }: { attributed: readonly Attributed[]; agenda: Agenda },
): Promise<void> {
  const decisions: Decision[] = [];
  const changed = new Set<CustomerState>();
  for (const { event, customer } of attributed) {
    if (event.consents.length === 0) continue;
    for (const { purpose, channel, scope = '*', state, evidence = {} } of event.consents) {
      const { eventId, occurredAt, receivedAt, sourceId, identities } = event;
      decisions.push({
        identityId: identities[0].id,
        eventId,
        purpose,
        channel,
        scope,
        state,
        occurredAt,
        recordedAt: receivedAt,
        sourceId,
        evidence,
      });
    }
    changed.add(customer);
    agenda.consentChanged(customer, event);
  }
  if (decisions.length === 0) return;
  await recordDecisions(sql, workspaceId, decisions);
  await deriveConsents(
    sql,
    workspaceId,
    [...changed].filter(({ stale }) => !stale),
  );
}

/** Counts the events in where a rule measures their kind. */
export function countEvents(rules: RuleSet, { attributed, agenda }: { attributed: readonly Attributed[]; agenda: Agenda }): void {
  for (const { event, customer } of attributed) {
    customer.lastEventAt = Math.max(customer.lastEventAt, event.occurredAt.getTime());
    agenda.eventCounted(customer, event);
    if (customer.stale) continue;
    for (const measure of rules.measuresOf.get(event.type) ?? []) {
      const tally = customer.tallies[measure.key] ?? emptyTally();
      customer.tallies[measure.key] = tally;
      tallyEvent(tally, measure, { at: event.occurredAt.getTime(), properties: event.properties });
    }
  }
}
